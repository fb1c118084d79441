import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isUnionType,
} from 'graphql';

/** Everything that can be selected of a type without arguments, so many levels deep, in GraphQL's own words. */
export function everythingOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  if (isUnionType(named)) {
    const mayFail = named.getTypes().some((member) => member.getInterfaces().some(({ name }) => name === 'Error'));
    return mayFail ? '{ __typename ... on Error { message code } }' : '{ __typename }';
  }
  const fields = isInterfaceType(named) ? [] : Object.values(named.getFields()).filter(takesNothing);
  const selected = fields.flatMap((field) => {
    if (!isCompositeType(getNamedType(field.type))) return [field.name];
    return depth > 0 ? [`${field.name} ${everythingOf(field.type, depth - 1)}`] : [];
  });
  return `{ __typename ${selected.join(' ')} }`;
}

function takesNothing({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.every(({ defaultValue, type }) => !isNonNullType(type) || defaultValue !== undefined);
}
