import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

const SCALARS: Record<string, unknown> = {
  String: '',
  Int: 0,
  Float: 0,
  Boolean: false,
  BigInt: '0',
  ID: '0199c0de-0000-7000-8000-000000000000',
  DateTime: '2026-11-27T08:00:00.000Z',
  JSON: null,
  JSONObject: {},
};

/** Reads a field where the mock world has it; else gives the plainest value that the schema allows. */
export const plainField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const value: unknown = defaultFieldResolver(source, args, context, info);
  return value === undefined ? plainValue(info.returnType) : value;
};

function plainValue(type: GraphQLOutputType): unknown {
  if (!isNonNullType(type)) return null;
  if (isListType(type.ofType)) return [];
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (isObjectType(named)) return {};
  return SCALARS[named.name] ?? null;
}
