import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { DURATION_PATTERN, parseDuration } from './duration.ts';
import { exchange } from './http-exchange.ts';
import { statusFailure } from './http-failure.ts';
import type { Tool } from './tool-kind.ts';

export type HttpRequestInput = {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  query?: Record<string, string | number | boolean>;
  body?: unknown;
  timeout?: number | string;
  expectStatus?: number | number[];
  followRedirects?: boolean;
  maxBytes?: number;
};

const DEFAULT_TIMEOUT_SECONDS = 30;
const LONGEST_TIMEOUT_SECONDS = 300;
const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;
const MOST_MAX_BYTES = 64 * 1024 * 1024;
const STATUS = { type: 'integer', minimum: 100, maximum: 599 };

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      title: 'URL',
      description: 'Where to; it must begin with http:// or https://.',
    },
    method: {
      type: 'string',
      enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      title: 'Method',
      description: 'GET when absent.',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      title: 'Headers',
      description: 'Request headers by name.',
    },
    query: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      title: 'Query',
      description: 'Parameters added to the URL, encoded as needed.',
    },
    body: {
      title: 'Body',
      description: 'A text is sent as it is, any other value as JSON.',
    },
    timeout: {
      title: 'Timeout',
      description: `Seconds, or a duration such as 500ms or 2m, for the whole exchange; 30 when absent, 300 at most.`,
      anyOf: [
        { type: 'number', exclusiveMinimum: 0, maximum: LONGEST_TIMEOUT_SECONDS },
        { type: 'string', pattern: DURATION_PATTERN },
      ],
    },
    expectStatus: {
      title: 'Expected status',
      description: 'The status, or a list of them, that counts as success; any below 400 when absent.',
      anyOf: [STATUS, { type: 'array', minItems: 1, items: STATUS }],
    },
    followRedirects: {
      type: 'boolean',
      title: 'Follow redirects',
      description: 'True when absent. If false, a redirect is itself the answer.',
    },
    maxBytes: {
      type: 'integer',
      minimum: 1,
      maximum: MOST_MAX_BYTES,
      title: 'Largest body',
      description: 'A larger answer fails the step; 5 MiB when absent.',
    },
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'headers', 'body', 'url', 'durationMs'],
  properties: {
    status: { ...STATUS, title: 'Status', description: 'The status of the answer.' },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      title: 'Headers',
      description: 'By their names in lower case; one that came several times has its values joined.',
    },
    body: { title: 'Body', description: 'A value when the answer was JSON, else its text.' },
    url: { type: 'string', title: 'URL', description: 'Where the answer came from, after redirects.' },
    durationMs: { type: 'integer', minimum: 0, title: 'Duration', description: 'Milliseconds of the whole exchange.' },
  },
};

export const httpRequest: Tool = {
  name: 'http.request',
  title: 'HTTP request',
  description: 'Sends one HTTP request and hands on the answer, JSON as a value.',
  input,
  output,
  run: (given, ctx) => send(given as HttpRequestInput, ctx),
};

async function send(given: HttpRequestInput, ctx: StepContext<unknown>): Promise<Record<string, unknown>> {
  const { method = 'GET', maxBytes = DEFAULT_MAX_BYTES } = given;
  const url = targetOf(given);
  const what = `${method} ${url.origin}${url.pathname}`;
  const init = {
    method,
    headers: headersFor(given),
    body: bodyOf(given),
    redirect: given.followRedirects === false ? ('manual' as const) : ('follow' as const),
  };
  const answer = await exchange(ctx, { what, url, init, maxBytes, timeoutMs: timeoutOf(given) });
  if (!isExpected(answer.status, given.expectStatus)) throw statusFailure(what, answer);
  const { statusText: _, ...output } = answer;
  return output;
}

function targetOf({ url: text, query = {} }: HttpRequestInput): URL {
  const url = httpUrl(text, 'http.request');
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
  return url;
}

/** The address to send a request to. Throws a USER_INPUT failure for what is none. */
export function httpUrl(text: string, tool: string): URL {
  const url = URL.parse(text);
  if (!url) throw refusal(`"${text}" is no URL. Write it whole, such as https://example.org/path.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refusal(`${tool} speaks only http and https, not ${url.protocol.slice(0, -1)}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refusal('The URL holds a user name or password. Send them as an Authorization header.');
  }
  return url;
}

function timeoutOf({ timeout = DEFAULT_TIMEOUT_SECONDS }: HttpRequestInput): number {
  const ms = typeof timeout === 'number' ? timeout * 1_000 : parseDuration(timeout);
  if (ms !== undefined && ms > 0 && ms <= LONGEST_TIMEOUT_SECONDS * 1_000) return Math.ceil(ms);
  throw refusal(`The timeout "${timeout}" must be above 0 and at most ${LONGEST_TIMEOUT_SECONDS} seconds.`);
}

function headersFor({ headers: given = {}, body }: HttpRequestInput): Record<string, string> {
  let headers: Headers;
  try {
    headers = new Headers(given);
  } catch (error) {
    throw refusal(`The headers cannot be sent: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (body !== undefined && typeof body !== 'string' && !headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  return Object.fromEntries(headers);
}

function bodyOf({ body, method = 'GET' }: HttpRequestInput): string | null {
  if (body === undefined) return null;
  if (method === 'GET' || method === 'HEAD') throw refusal(`A ${method} request has no body. Use another method.`);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function isExpected(status: number, expected: HttpRequestInput['expectStatus']): boolean {
  if (expected === undefined) return status < 400;
  return Array.isArray(expected) ? expected.includes(status) : expected === status;
}

function refusal(message: string): StepFailure {
  return new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}
