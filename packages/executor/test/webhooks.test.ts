import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import type { JobStatus } from '@signalbox/core/statuses';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SecretKeys } from '@signalbox/db/secret-keys';
import {
  claimDeliveries,
  listDeliveries,
  queueDeliveries,
  type WebhookDeliveryRow,
} from '@signalbox/db/webhook-deliveries';
import { createWebhook, webhookSecretOwner } from '@signalbox/db/webhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';

vi.setConfig({ testTimeout: 90_000 });

const KEY = randomBytes(32).toString('base64');
const SECRET_BYTES = randomBytes(32);
const keys = new SecretKeys([KEY]);

interface Message {
  id: string;
  isSigned: boolean;
  body: { type: string; data: { id: string; status: string; workflow: string; error: { message: string } | null } };
}

let stage: Stage;
let receiver: Server;
/** What came in, and with which status the next ones are answered; 204 when there is none. */
let received: Message[] = [];
let answers: number[] = [];

beforeAll(async () => {
  stage = await openStage();
  receiver = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  receiver.close();
  await stage.close();
});

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers } = request;
  const body = (await json(request)) as Message['body'];
  const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
  const expected = createHmac('sha256', SECRET_BYTES)
    .update(`${id}.${timestamp}.${JSON.stringify(body)}`)
    .digest('base64');
  received.push({ id, body, isSigned: headers['webhook-signature'] === `v1,${expected}` });
  response.writeHead(answers.shift() ?? 204).end();
}

const address = () => `127.0.0.1:${(receiver.address() as AddressInfo).port}`;

async function webhook(
  statuses: JobStatus[],
  workflows: string[] = [],
  url = `http://${address()}/hook`,
): Promise<string> {
  [received, answers] = [[], []];
  // Each test looks at its own.
  await stage.db.pool.query('UPDATE webhook SET active = false');
  const content = { url, workflows, statuses, active: true };
  const text = `whsec_${SECRET_BYTES.toString('base64')}`;
  const lock = (id: string) => keys.lock(webhookSecretOwner(DEFAULT_TENANT_ID, id), text);
  return (await createWebhook(stage.db, DEFAULT_TENANT_ID, content, 'test', lock)).id;
}

/** The newest message to a webhook, once it is as wanted. */
async function delivery(webhookId: string, wanted: (row: WebhookDeliveryRow) => boolean): Promise<WebhookDeliveryRow> {
  const newest = async () => (await listDeliveries(stage.db, DEFAULT_TENANT_ID, webhookId, 1))[0];
  const row = await until('a delivery', newest, (seen) => seen !== undefined && wanted(seen), 60_000);
  if (!row) throw new Error('there is no delivery');
  return row;
}

const echo = (slug?: string) =>
  stage.queue([{ key: 'a', type: 'test.echo', with: {} }], slug === undefined ? {} : { workflow: { slug } });

test('what a sender has taken that was killed is sent by another once its time is up', async () => {
  const id = await webhook(['QUEUED']);
  const jobId = await echo();
  await queueDeliveries(stage.db);
  expect(await claimDeliveries(stage.db, 10)).toMatchObject([{ webhookId: id, attempts: 1 }]);
  expect(await claimDeliveries(stage.db, 10)).toEqual([]);
  await stage.startExecutor({ SIGNALBOX_SECRETS_KEY: KEY, SIGNALBOX_HTTP_ALLOW: address() });
  await stage.db.pool.query('UPDATE webhook_delivery SET next_try_at = now() WHERE webhook_id = $1', [id]);
  expect(await delivery(id, ({ status }) => status === 'DELIVERED')).toMatchObject({ jobId, attempts: 2 });
  expect(received.map(({ body }) => [body.type, body.data.id])).toEqual([['job.queued', jobId]]);
});

test('a job that fails is told once, signed, and again after an answer that is an error', async () => {
  const id = await webhook(['FAILED']);
  answers = [503];
  const jobId = await stage.queue([{ key: 'a', type: 'test.fail', with: {} }]);
  const arrived = await delivery(id, ({ status }) => status === 'DELIVERED');
  expect(arrived).toMatchObject({ jobId, attempts: 2, lastError: null, nextTryAt: null });
  expect(received).toHaveLength(2);
  expect(received[0]).toEqual(received[1]);
  expect(received[0]).toMatchObject({ id: `msg_${arrived.id}`, isSigned: true });
  expect(received[0]?.body).toMatchObject({ type: 'job.failed', data: { id: jobId, status: 'FAILED' } });
});

test('only what was asked for is told, and nothing of before the webhook was made', async () => {
  await stage.settled(await echo('told'), 60_000);
  const id = await webhook(['COMPLETED'], ['told']);
  await stage.settled(await echo('other'), 60_000);
  const told = await echo('told');
  await delivery(id, ({ status }) => status === 'DELIVERED');
  expect(received.map(({ body }) => [body.type, body.data.id, body.data.workflow])).toEqual([
    ['job.completed', told, 'told'],
  ]);
});

test('the states of a job arrive in order: a later one waits until the earlier has arrived', async () => {
  const id = await webhook(['RUNNING', 'COMPLETED']);
  answers = [503, 503];
  const file = path.join(stage.folder, 'gate');
  await stage.queue([{ key: 'a', type: 'test.gate', with: { file } }]);
  await delivery(id, ({ lastError }) => lastError !== null);
  await writeFile(file, '');
  await delivery(id, ({ payload, status }) => payload.type === 'job.completed' && status === 'DELIVERED');
  expect(received.map(({ body }) => body.type)).toEqual(['job.running', 'job.running', 'job.running', 'job.completed']);
});

test('an inner address that nobody has allowed is not reached, and the list of deliveries says what to do', async () => {
  const id = await webhook(['COMPLETED'], [], `http://127.0.0.2:${address().split(':')[1]}/hook`);
  await echo();
  const { lastError } = await delivery(id, (row) => row.lastError !== null);
  expect(lastError).toContain('SIGNALBOX_HTTP_ALLOW');
  expect(received).toEqual([]);
});
