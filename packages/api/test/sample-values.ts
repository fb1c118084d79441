import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

/** Some value of a type, in GraphQL's own words. */
export function sampleOf(type: GraphQLInputType): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return '[]';
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? '';
  if (isInputObjectType(nullable)) return `{ ${samplesOf(Object.values(nullable.getFields()))} }`;
  const samples: Record<string, string> = {
    Int: '1',
    Float: '1',
    Boolean: 'true',
    JSON: '{}',
    JSONObject: '{}',
    BigInt: '1',
  };
  return samples[nullable.name] ?? '"x"';
}

/** Values for what is required. */
export function samplesOf(args: readonly Pick<GraphQLArgument, 'name' | 'type'>[]): string {
  return args
    .filter(({ type }) => isNonNullType(type))
    .map(({ name, type }) => `${name}: ${sampleOf(type)}`)
    .join(', ');
}
