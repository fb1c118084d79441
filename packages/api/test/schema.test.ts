import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../src/schema.ts';

const contract = buildSchema(readFileSync(new URL('contract-part.graphql', import.meta.url), 'utf8'));

/** Every promise of a type, one line each: fields with their types, arguments, values, members, interfaces. */
function promisesOf(type: GraphQLNamedType): string[] {
  const argument = ({ name, type: of }: GraphQLArgument) => `${name}: ${String(of)}`;
  if (isEnumType(type)) return type.getValues().map(({ name }) => `enum ${type.name}.${name}`);
  if (isUnionType(type)) return type.getTypes().map(({ name }) => `union ${type.name} = ${name}`);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(({ name, type: of }) => `input ${type.name}.${name}: ${String(of)}`);
  if (!isObjectType(type) && !isInterfaceType(type)) return [`scalar ${type.name}`];
  const fields = Object.values(type.getFields());
  return [
    ...type.getInterfaces().map(({ name }) => `${type.name} implements ${name}`),
    ...fields.map(({ name, type: of }) => `${type.name}.${name}: ${String(of)}`),
    ...fields.flatMap(({ name, args }) => args.map((arg) => `${type.name}.${name}(${argument(arg)})`)),
  ];
}

const ownTypes = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

test('the schema keeps every promise of the contract: names, types, nullability, arguments', () => {
  const kept = new Set(ownTypes.flatMap(promisesOf));
  const promised = Object.values(contract.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap(promisesOf);
  expect(promised.length).toBeGreaterThan(250);
  expect(promised.filter((promise) => !kept.has(promise))).toEqual([]);
});

test('no argument or input field is required beyond those of the contract', () => {
  const required = ownTypes.flatMap(promisesOf).filter((promise) => /^(input .*!|.*\(.*!\))$/.test(promise));
  const promised = new Set(Object.values(contract.getTypeMap()).flatMap(promisesOf));
  expect(required.filter((promise) => !promised.has(promise))).toEqual([]);
});

test('every type, field, argument and value says what it is', () => {
  const silent: string[] = [];
  const hear = (name: string, described: { description?: string | null }) => {
    if (!described.description?.trim()) silent.push(name);
  };
  for (const type of ownTypes) {
    hear(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) hear(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) hear(`${type.name}.${field.name}`, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      hear(`${type.name}.${field.name}`, field);
      for (const argument of field.args) hear(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  expect(silent).toEqual([]);
});

test('schema.graphql is what the code says; else run node packages/api/tools/print-schema.ts', () => {
  const printed = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
  expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(printed);
});
