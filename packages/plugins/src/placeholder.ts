// A library of fake data would give values that look real and, for a hostile schema, without end. An answer that no
// model gave has to look like none, and to be small; whether it fits the schema is checked afterwards.

/** What stands where a text is asked for. */
const PLACEHOLDER_TEXT = '[offline/echo]';
const MOST_PARTS = 5_000;
const LONGEST_TEXT = 10_000;
const DEEPEST = 32;

const FORMATS: Record<string, string> = {
  date: '1970-01-01',
  time: '00:00:00Z',
  'date-time': '1970-01-01T00:00:00Z',
  duration: 'PT0S',
  email: 'offline@example.org',
  hostname: 'example.org',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uri: 'https://example.org/',
  'uri-reference': 'https://example.org/',
  url: 'https://example.org/',
  uuid: '00000000-0000-0000-0000-000000000000',
};

type Schema = Record<string, unknown>;
type Maker = { root: Schema; parts: number };

/** Thrown when a schema asks for more than a placeholder can be. */
export class PlaceholderError extends Error {
  override readonly name = 'PlaceholderError';
}

/** A small value with everything that the schema requires; the same for the same schema. Throws PlaceholderError. */
export function placeholder(schema: Schema): unknown {
  return make(schema, { root: schema, parts: 0 }, 0);
}

function make(schema: unknown, maker: Maker, depth: number): unknown {
  count(maker, depth);
  if (!isSchema(schema)) return null;
  const plain = flatten(schema, maker, depth);
  if ('const' in plain) return plain.const;
  if ('default' in plain) return plain.default;
  for (const list of [plain.examples, plain.enum]) if (Array.isArray(list) && list.length > 0) return list[0];
  switch (typeOf(plain)) {
    case 'object':
      return makeObject(plain, maker, depth);
    case 'array':
      return makeArray(plain, maker, depth);
    case 'string':
      return makeText(plain);
    case 'integer':
    case 'number':
      return makeNumber(plain);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** The schema with its `$ref` followed, its `allOf` merged in and the first of its alternatives taken. */
function flatten(schema: Schema, maker: Maker, depth: number): Schema {
  count(maker, depth);
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
  const parts = [
    ...(typeof $ref === 'string' ? [resolve($ref, maker.root)] : []),
    ...(Array.isArray(allOf) ? allOf : []),
    ...[anyOf, oneOf].flatMap((choices) => (Array.isArray(choices) ? choices.slice(0, 1) : [])),
  ];
  return parts.filter(isSchema).reduce<Schema>((all, part) => merge(all, flatten(part, maker, depth + 1)), rest);
}

function count(maker: Maker, depth: number): void {
  maker.parts += 1;
  if (maker.parts > MOST_PARTS || depth > DEEPEST) throw new PlaceholderError('it asks for a very large value');
}

function merge(one: Schema, other: Schema): Schema {
  return {
    ...other,
    ...one,
    ...(isSchema(one.properties) && isSchema(other.properties)
      ? { properties: { ...other.properties, ...one.properties } }
      : {}),
    ...(Array.isArray(one.required) && Array.isArray(other.required)
      ? { required: [...new Set([...one.required, ...other.required])] }
      : {}),
  };
}

function resolve(reference: string, root: Schema): unknown {
  if (!/^#(\/|$)/.test(reference)) throw new PlaceholderError(`it refers to ${reference}, which is not followed`);
  const keys = decodeURIComponent(reference.slice(1)).split('/').slice(1);
  let found: unknown = root;
  for (const key of keys.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
  }
  return found;
}

function typeOf({
  type,
  properties,
  required,
  items,
  prefixItems,
  minLength,
  format,
  pattern,
  minimum,
}: Schema): unknown {
  if (Array.isArray(type)) return type[0];
  if (type !== undefined) return type;
  if (properties !== undefined || required !== undefined) return 'object';
  if (items !== undefined || prefixItems !== undefined) return 'array';
  if (minLength !== undefined || format !== undefined || pattern !== undefined) return 'string';
  return minimum === undefined ? 'null' : 'number';
}

function makeObject({ properties, required }: Schema, maker: Maker, depth: number): Schema {
  const described = isSchema(properties) ? properties : {};
  const names = Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [];
  const entries = names.map((name) => [
    name,
    make(Object.hasOwn(described, name) ? described[name] : {}, maker, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function makeArray({ items, prefixItems, minItems }: Schema, maker: Maker, depth: number): unknown[] {
  const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
  const length = whole(minItems);
  if (length > MOST_PARTS) throw new PlaceholderError(`it asks for ${length} items`);
  return Array.from({ length }, (_, index) => make(index < first.length ? first[index] : items, maker, depth + 1));
}

function makeText({ format, minLength, maxLength }: Schema): string {
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (known !== undefined) return known;
  const shortest = whole(minLength);
  if (shortest > LONGEST_TEXT) throw new PlaceholderError(`it asks for a text of ${shortest} characters`);
  const text = PLACEHOLDER_TEXT.padEnd(shortest, '.');
  return typeof maxLength === 'number' ? text.slice(0, Math.max(maxLength, 0)) : text;
}

function makeNumber(schema: Schema): number {
  const step = typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : 1;
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  if (typeof minimum === 'number') return Math.ceil(minimum / step) * step;
  if (typeof exclusiveMinimum === 'number') return (Math.floor(exclusiveMinimum / step) + 1) * step;
  if (typeof maximum === 'number' && maximum < 0) return Math.floor(maximum / step) * step;
  if (typeof exclusiveMaximum === 'number' && exclusiveMaximum <= 0) {
    return (Math.ceil(exclusiveMaximum / step) - 1) * step;
  }
  return 0;
}

function whole(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.ceil(value) : 0;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
