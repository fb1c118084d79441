import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobStatus } from '@signalbox/core/statuses';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import {
  claimDeliveries,
  listDeliveries,
  queueDeliveries,
  type WebhookDeliveryRow,
} from '@signalbox/db/webhook-deliveries';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';
import { openWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

vi.setConfig({ testTimeout: 90_000 });

let stage: Stage;
let receiver: WebhookReceiver;

beforeAll(async () => {
  [stage, receiver] = await Promise.all([openStage(), openWebhookReceiver()]);
});
afterAll(async () => {
  receiver.close();
  await stage.close();
});

async function webhook(statuses: JobStatus[], workflows?: string[], url?: string): Promise<string> {
  receiver.received.length = 0;
  // Each test looks at its own.
  await stage.db.pool.query('UPDATE webhook SET active = false');
  return receiver.subscribe(stage.db, statuses, workflows, url);
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
  await stage.startExecutor(receiver.environment);
  await stage.db.pool.query('UPDATE webhook_delivery SET next_try_at = now() WHERE webhook_id = $1', [id]);
  expect(await delivery(id, ({ status }) => status === 'DELIVERED')).toMatchObject({ jobId, attempts: 2 });
  expect(receiver.received.map(({ body }) => [body.type, body.data.id])).toEqual([['job.queued', jobId]]);
});

test('a job that fails is told once, signed, and again after an answer that is an error', async () => {
  const id = await webhook(['FAILED']);
  receiver.answers.push(503);
  const jobId = await stage.queue([{ key: 'a', type: 'test.fail', with: {} }]);
  const arrived = await delivery(id, ({ status }) => status === 'DELIVERED');
  expect(arrived).toMatchObject({ jobId, attempts: 2, lastError: null, nextTryAt: null });
  expect(receiver.received).toHaveLength(2);
  expect(receiver.received[0]).toEqual(receiver.received[1]);
  expect(receiver.received[0]).toMatchObject({ id: `msg_${arrived.id}`, isSigned: true });
  expect(receiver.received[0]?.body).toMatchObject({ type: 'job.failed', data: { id: jobId, status: 'FAILED' } });
});

test('only what was asked for is told, and nothing of before the webhook was made', async () => {
  await stage.settled(await echo('told'));
  const id = await webhook(['COMPLETED'], ['told']);
  await stage.settled(await echo('other'));
  const told = await echo('told');
  await delivery(id, ({ status }) => status === 'DELIVERED');
  expect(receiver.received.map(({ body }) => [body.type, body.data.id, body.data.workflow])).toEqual([
    ['job.completed', told, 'told'],
  ]);
});

test('the states of a job arrive in order: a later one waits until the earlier has arrived', async () => {
  const id = await webhook(['RUNNING', 'COMPLETED']);
  receiver.answers.push(503, 503);
  const file = path.join(stage.folder, 'gate');
  await stage.queue([{ key: 'a', type: 'test.gate', with: { file } }]);
  await delivery(id, ({ lastError }) => lastError !== null);
  await writeFile(file, '');
  await delivery(id, ({ payload, status }) => payload.type === 'job.completed' && status === 'DELIVERED');
  expect(receiver.received.map(({ body }) => body.type)).toEqual([
    'job.running',
    'job.running',
    'job.running',
    'job.completed',
  ]);
});

test('an inner address that nobody has allowed is not reached, and the list of deliveries says what to do', async () => {
  const id = await webhook(['COMPLETED'], [], `http://127.0.0.2:${receiver.address.split(':')[1]}/hook`);
  await echo();
  const { lastError } = await delivery(id, (row) => row.lastError !== null);
  expect(lastError).toContain('SIGNALBOX_HTTP_ALLOW');
  expect(receiver.received).toEqual([]);
});

test('a webhook that never answers holds up no other, however much there is to tell it', async () => {
  const hung = await webhook(['COMPLETED'], ['much'], `http://${receiver.address}/never`);
  for (const jobId of await Promise.all(Array.from({ length: 12 }, () => echo('much')))) await stage.settled(jobId);
  await until(
    'some messages hang',
    () => receiver.hanging.length,
    (count) => count > 0,
  );
  const other = await receiver.subscribe(stage.db, ['COMPLETED'], ['little']);
  const told = await echo('little');
  expect(await delivery(other, ({ status }) => status === 'DELIVERED')).toMatchObject({ jobId: told });
  expect(receiver.received.map(({ body }) => body.data.id)).toEqual([told]);
  const much = await listDeliveries(stage.db, DEFAULT_TENANT_ID, hung, 100);
  expect(much).toHaveLength(12);
  // None of them has been given up yet.
  expect(new Set(much.map(({ lastError }) => lastError))).toEqual(new Set([null]));
});
