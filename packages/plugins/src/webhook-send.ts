import { createHash, createHmac } from 'node:crypto';
import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { exchange } from './http-exchange.ts';
import { statusFailure } from './http-failure.ts';
import { httpUrl } from './http-request.ts';
import type { Tool } from './tool-kind.ts';

type WebhookInput = { url: string; secret: string; payload: unknown; id?: string };

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 1024 * 1024;
/** Of secrets in the form of the Standard Webhooks specification: what follows is Base64. */
const SECRET_PREFIX = 'whsec_';

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'secret', 'payload'],
  properties: {
    url: { type: 'string', minLength: 1, title: 'URL', description: 'Where to; http:// or https://.' },
    secret: {
      type: 'string',
      pattern: '^[A-Za-z_]\\w*$',
      title: 'Secret',
      description: 'The name of the secret that signs it, as in secrets.NAME; the receiver knows its value.',
    },
    payload: { title: 'Payload', description: 'Any value; it is sent as JSON.' },
    id: {
      type: 'string',
      pattern: '^[\\w.-]{1,200}$',
      title: 'Message id',
      description: 'By which the receiver knows a repetition; made of the job, the step and the payload when absent.',
    },
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'status', 'body', 'durationMs'],
  properties: {
    id: { type: 'string', title: 'Message id', description: 'What was sent as webhook-id.' },
    status: { type: 'integer', title: 'Status', description: 'The status of the answer, below 300.' },
    body: { title: 'Body', description: 'A value when the answer was JSON, else its text.' },
    durationMs: { type: 'integer', minimum: 0, title: 'Duration', description: 'Milliseconds of the whole exchange.' },
  },
};

export const webhookSend: Tool = {
  name: 'webhook.send',
  title: 'Send a webhook',
  description: 'Posts a value as JSON, signed as the Standard Webhooks specification says.',
  input,
  output,
  run: (given, ctx) => send(given as WebhookInput, ctx),
};

async function send(given: WebhookInput, ctx: StepContext<unknown>): Promise<Record<string, unknown>> {
  const url = httpUrl(given.url, 'webhook.send');
  const key = keyOf(ctx.secret(given.secret), given.secret);
  const body = JSON.stringify(given.payload);
  const id = given.id ?? messageId(ctx, url, body);
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
  const what = `POST ${url.origin}${url.pathname}`;
  // A redirect would carry the message, signed, to somebody it was not meant for.
  const init = { method: 'POST', headers, body, redirect: 'manual' as const };
  const answer = await exchange(ctx, { what, url, init, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS });
  if (answer.status >= 300) throw statusFailure(what, answer);
  return { id, status: answer.status, body: answer.body, durationMs: answer.durationMs };
}

function keyOf(secret: string, name: string): Buffer {
  if (!secret.startsWith(SECRET_PREFIX)) return Buffer.from(secret);
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  if (key.length > 0) return key;
  const message = `The secret ${name} begins with ${SECRET_PREFIX}, but no Base64 follows.`;
  throw new StepFailure(message, { category: 'CONFIGURATION', retryable: false });
}

/** The same whenever the step is tried again, and another one for every other message. */
function messageId({ job, step }: StepContext<unknown>, url: URL, body: string): string {
  const hash = createHash('sha256').update(JSON.stringify([job.id, step.key, url.href, body]));
  return `msg_${hash.digest('base64url').slice(0, 32)}`;
}
