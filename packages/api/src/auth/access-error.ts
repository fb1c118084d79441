import { GraphQLError } from 'graphql';
import type { RequestErrorCode } from '../request-error.ts';

/** Why a caller is not let in, in words for the caller: who it is cannot be told (401), or it asks too often (429). */
export class AccessError extends Error {
  override name = 'AccessError';
  readonly status: 401 | 429;
  /** After how many seconds it may be tried again; set with 429. */
  readonly retryAfter?: number;

  private constructor(message: string, status: 401 | 429, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  static unauthenticated(message: string): AccessError {
    return new AccessError(message, 401);
  }

  /** @param waitMs until the next one may come */
  static tooMany(what: string, waitMs: number): AccessError {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    return new AccessError(`${what} Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, 429, seconds);
  }

  get code(): RequestErrorCode {
    return this.status === 401 ? 'UNAUTHENTICATED' : 'RATE_LIMITED';
  }

  toGraphQLError(): GraphQLError {
    const { code, message, retryAfter } = this;
    return new GraphQLError(message, { extensions: { code, ...(retryAfter !== undefined && { retryAfter }) } });
  }
}
