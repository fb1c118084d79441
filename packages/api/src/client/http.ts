import { print } from 'graphql';
import type { TypedDocument } from './graphql.ts';
import { errorOf, type SentError, SignalboxError } from './signalbox-error.ts';

export interface Endpoint {
  /** Where the service is, such as http://127.0.0.1:4000 */
  url: string;
  token: string | undefined;
}

const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

/** Sends one query or mutation. Throws a SignalboxError for everything but an answer without errors. */
export async function sendOperation<Result, Variables>(
  { token, url }: Endpoint,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: ACCEPT,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: print(document), variables }),
    signal,
  }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  const { status } = response;
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(url, error);
  });
  const { data, errors } = readAnswer<Result>(text) ?? {};
  if (errors?.length) throw errorOf(errors, { status, requestId });
  if (data === undefined || data === null) throw unexpected(url, status, text, requestId);
  return data;
}

function readAnswer<Result>(text: string): { data?: Result | null; errors?: SentError[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function unexpected(url: string, status: number, text: string, requestId: string | undefined): SignalboxError {
  const code = status === 401 ? 'UNAUTHENTICATED' : status === 403 ? 'FORBIDDEN' : 'BAD_ANSWER';
  const shown = text.trim().slice(0, 200) || 'nothing';
  return new SignalboxError(code, `${url}/graphql answered ${status}: ${shown}`, { status, requestId });
}

export function unreachable(url: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'AbortError') return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const message = `Nothing answers at ${url} (${reason}). Is the server running there? \`npm start\` starts one.`;
  return new SignalboxError('UNREACHABLE', message, { cause: error });
}
