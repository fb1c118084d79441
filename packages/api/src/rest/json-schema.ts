/** JSON Schema 2020-12, as OpenAPI 3.1 has it, of what a GraphQL operation takes and answers. */
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { schema } from '../schema.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  BigInt: { type: ['integer', 'string'], description: 'A number up to 2^53 - 1 either way, digits beyond.' },
  JSON: {},
  JSONObject: { type: 'object' },
};

/** Collects the named schemas that the others refer to. */
export class SchemaCollection {
  readonly components: Record<string, JsonSchema> = {};

  /** Of a variable. */
  ofInput(type: GraphQLInputType): JsonSchema {
    const plain = getNullableType(type);
    if (isListType(plain)) return { type: 'array', items: this.ofInput(plain.ofType) };
    if (isEnumType(plain)) return this.#enum(plain);
    if (!isInputObjectType(plain)) return SCALARS[plain.name] ?? {};
    return this.#named(plain.name, () => {
      const fields = Object.values(plain.getFields());
      return {
        type: 'object',
        description: plain.description,
        additionalProperties: false,
        properties: Object.fromEntries(fields.map((field) => [field.name, described(this.ofInput(field.type), field)])),
        required: fields
          .filter(({ defaultValue, type: of }) => isNonNullType(of) && defaultValue === undefined)
          .map(({ name }) => name),
      };
    });
  }

  /** Of what is selected of a field; lists as REST has them, and of unions what is no error. */
  ofOutput(type: GraphQLOutputType, selected: SelectionSetNode | undefined, owner: string): JsonSchema {
    if (!isNonNullType(type)) return nullable(this.ofOutput(new GraphQLNonNull(type), selected, owner));
    const plain = type.ofType;
    if (isListType(plain)) return { type: 'array', items: this.ofOutput(plain.ofType, selected, owner) };
    if (isEnumType(plain)) return this.#enum(plain);
    if (!selected) return SCALARS[getNamedType(plain).name] ?? {};
    return this.#object(plain, selected, owner);
  }

  #object(type: GraphQLNamedType, selected: SelectionSetNode, owner: string): JsonSchema {
    const { type: chosen, fields } = membersOf(type, selected);
    const entries = fields.map((node): [string, JsonSchema, GraphQLField<unknown, unknown>] => {
      const field = fieldOf(chosen, node.name.value);
      return [node.name.value, this.ofOutput(field.type, node.selectionSet, owner), field];
    });
    const edges = fields.find(({ name }) => name.value === 'edges');
    const properties = Object.fromEntries(
      entries.map(([name, of, field]) =>
        name === 'edges' ? ['items', this.#items(chosen, edges, owner)] : [name, described(of, field)],
      ),
    );
    const object = { type: 'object', description: chosen.description, properties, required: Object.keys(properties) };
    return edges ? object : this.#kept(chosen.name, object, owner);
  }

  #items(connection: GraphQLNamedType, edges: FieldNode | undefined, owner: string): JsonSchema {
    const edge = getNamedType(fieldOf(connection, 'edges').type);
    const node = edges?.selectionSet?.selections.find((selection) => selection.kind === Kind.FIELD);
    if (!edge || !node) throw new Error('a connection without nodes');
    const items = this.ofOutput(fieldOf(edge, 'node').type, node.selectionSet, owner);
    return { type: 'array', description: 'The items of this page.', items };
  }

  /** Under its own name where it is the first or the same, and under one with the operation otherwise. */
  #kept(name: string, object: JsonSchema, owner: string): JsonSchema {
    const key = [name, `${name}Of${owner[0]?.toUpperCase()}${owner.slice(1)}`].find((candidate) => {
      const known = this.components[candidate];
      return known === undefined || JSON.stringify(known) === JSON.stringify(object);
    });
    if (key === undefined) return object;
    return this.#named(key, () => object);
  }

  #enum(
    type: GraphQLNamedType & { getValues(): readonly { name: string; description?: string | null }[] },
  ): JsonSchema {
    const values = type.getValues();
    const meanings = values.map(({ description, name }) => `${name}: ${description}`).join('\n');
    return this.#named(type.name, () => ({
      type: 'string',
      enum: values.map(({ name }) => name),
      description: `${type.description}\n${meanings}`,
    }));
  }

  #named(name: string, make: () => JsonSchema): JsonSchema {
    this.components[name] ??= make();
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** The fields that are answered, and of which type: of a union what is no error. */
function membersOf(
  type: GraphQLNamedType,
  { selections }: SelectionSetNode,
): { type: GraphQLNamedType; fields: FieldNode[] } {
  if (!isUnionType(type)) return { type, fields: selections.filter((selection) => selection.kind === Kind.FIELD) };
  const errors = schema.getType('Error');
  const member = type.getTypes().find((candidate) => !candidate.getInterfaces().some((of) => of === errors));
  const fragment = selections.find(
    (selection) => selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition?.name.value === member?.name,
  );
  if (!member || fragment?.kind !== Kind.INLINE_FRAGMENT) throw new Error(`nothing is selected of ${type.name}`);
  return membersOf(member, fragment.selectionSet);
}

export function fieldOf(type: GraphQLNamedType | undefined | null, name: string): GraphQLField<unknown, unknown> {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  if (!field) throw new Error(`${type?.name} has no field ${name}`);
  return field;
}

function described(of: JsonSchema, { description }: { description?: string | null }): JsonSchema {
  return description ? { ...of, description } : of;
}

function nullable(of: JsonSchema): JsonSchema {
  if (Object.keys(of).length === 0) return of;
  return typeof of.type === 'string' && !of.enum
    ? { ...of, type: [of.type, 'null'] }
    : { anyOf: [of, { type: 'null' }] };
}
