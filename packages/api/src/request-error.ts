import { GraphQLError } from 'graphql';

/** The codes that GraphQL errors of this API carry in `extensions.code`, next to those of the GraphQL library's own phases. */
export type RequestErrorCode =
  | 'BAD_USER_INPUT'
  | 'BAD_CURSOR'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'RATE_LIMITED'
  | 'QUERY_TOO_LARGE'
  | 'QUERY_TOO_EXPENSIVE'
  | 'QUERY_TOO_SLOW'
  | 'UNAVAILABLE'
  | 'INTERNAL_ERROR';

/** A mistake of the caller in a place where no result union can say so: a bad argument of a list, an unknown id to watch. */
export function requestError(message: string, code: RequestErrorCode = 'BAD_USER_INPUT'): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
