/** Errors of the REST API: RFC 9457, with the words that GraphQL uses for the same thing. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { sendBody } from '../http/answer.ts';
import { currentRequestId } from '../http/request-id.ts';

export interface Problem {
  /** The code of the GraphQL error. */
  code: string;
  /** What is wrong and what to do. */
  detail: string;
  issues?: unknown;
  allowed?: unknown;
}

/** By the code of the GraphQL error; anything else that a client did wrong is a 400. */
const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INVALID_INPUT: 422,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
};

export function statusOf(code: string): number {
  return STATUS[code] ?? 400;
}

export function sendProblem(response: ServerResponse, problem: Problem): void {
  const status = statusOf(problem.code);
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, ...problem, requestId: currentRequestId() };
  sendBody(response, status, 'application/problem+json; charset=utf-8', JSON.stringify(body));
}

/** What stops a request before GraphQL is asked. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}
