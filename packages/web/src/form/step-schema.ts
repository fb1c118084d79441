import type { Json, JsonObject } from '../app/graphql.ts';

/**
 * A step type's schema for a form: what is required comes first, a value that is an expression is a text whatever the
 * schema says, and defaults are told rather than filled in.
 */
export function schemaForForm(schema: JsonObject, config: JsonObject): JsonObject {
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const fields = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const first = fields.filter(([name]) => required.includes(name));
  const others = fields.filter(([name]) => !required.includes(name));
  const known = new Set(fields.map(([name]) => name));
  // What the schema does not know stays in sight, so that nobody loses it unseen.
  const unknown = Object.keys(config).filter((name) => !known.has(name) && schema.additionalProperties === false);
  return {
    ...schema,
    properties: Object.fromEntries([
      ...[...first, ...others].map(([name, field]) => [
        name,
        fieldOf(name, isObject(field) ? field : {}, config[name]),
      ]),
      ...unknown.map((name) => [name, { title: `${name} (not known)` }]),
    ]),
  };
}

function fieldOf(name: string, field: JsonObject, value: Json | undefined): JsonObject {
  const { default: usual, title = name, ...rest } = field;
  const told =
    usual === undefined || usual === null || typeof usual === 'object' || usual === ''
      ? ''
      : ` Usually ${String(usual)}.`;
  const description = `${typeof field.description === 'string' ? field.description : ''}${told}`.trim();
  if (isExpression(value) && field.type !== 'string') return { type: 'string', title, description };
  return { ...rest, title, ...(description !== '' && { description }) };
}

export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.includes('${{');
}

/** What a form gives back, without what was never there and is empty. */
export function withoutEmpty(before: JsonObject, after: Record<string, unknown>): JsonObject {
  const clean: JsonObject = JSON.parse(JSON.stringify(after));
  return Object.fromEntries(Object.entries(clean).filter(([name, value]) => name in before || !isEmpty(value)));
}

function isEmpty(value: Json): boolean {
  if (value === '' || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
