/** The last gate for errors: what was meant for the client passes with a code, everything else stays here and gets a request id. */

import { FilterError } from '@signalbox/db/failures';
import { isOverLimit } from '@signalbox/db/outage';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { isDatabaseOutage } from '../database-outage.ts';
import { ForbiddenError } from '../forbidden.ts';
import { currentRequestId } from './request-id.ts';

/** The error that the client may see. Logs once what it may not. */
export function maskError(error: unknown, log: Logger): GraphQLError {
  const cause = rootCause(error);
  if (cause instanceof GraphQLError) return withCode(error as GraphQLError, 'BAD_USER_INPUT');
  if (cause instanceof ForbiddenError) return replaced(error, cause.message, 'FORBIDDEN');
  if (cause instanceof FilterError) return replaced(error, cause.message, 'BAD_USER_INPUT');
  const requestId = currentRequestId();
  const path = error instanceof GraphQLError ? error.path : undefined;
  if (isOverLimit(cause)) {
    log.warn({ requestId, path }, 'a statement took too long and was given up');
    return replaced(
      error,
      'The database took too long over this and was stopped. Ask for less: a narrower filter, fewer items, no totals.',
      'QUERY_TOO_SLOW',
    );
  }
  const unavailable = isDatabaseOutage(cause);
  log.error({ requestId, err: cause, path }, unavailable ? 'database outage' : 'unexpected error');
  return unavailable
    ? replaced(
        error,
        `The service cannot reach its database now. Try again in a few seconds; request id ${requestId}`,
        'UNAVAILABLE',
        { http: { status: 503 } },
      )
    : replaced(error, `Unexpected error; request id ${requestId}`, 'INTERNAL_ERROR');
}

/** What was thrown first, below the errors that GraphQL wraps around it. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** The same error with a code, its own if it has one, and without what a library tells of its inside. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  const { code: own, originalError: _inside, ...extensions } = error.extensions;
  // What is no GraphQL request at all keeps its HTTP status, whatever kind of JSON the client accepts.
  if (own === 'BAD_REQUEST')
    return replaced(error, error.message, own, { ...extensions, http: { ...Object(extensions.http), spec: false } });
  return own === undefined ? replaced(error, error.message, code, extensions) : error;
}

function replaced(
  error: unknown,
  message: string,
  code: string,
  extensions: Record<string, unknown> = {},
): GraphQLError {
  const place =
    error instanceof GraphQLError
      ? { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path }
      : {};
  return new GraphQLError(message, { ...place, extensions: { ...extensions, code } });
}
