import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { listDeliveries } from '@signalbox/db/webhook-deliveries';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { until } from './stage.ts';
import { openWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

/** Each executor is killed there when it comes by for the third time, between a change of a job and the end of its delivery. */
const PLACES = ['before-messages', 'after-messages', 'before-message-sent', 'after-message-sent'];
const JOBS_PER_PLACE = 5;
/** What was taken by somebody who died is taken again after a minute. */
const DELIVERED_WITHIN_MS = 150_000;

let stage: ProcessStage;
let receiver: WebhookReceiver;
beforeEach(async () => {
  [stage, receiver] = await Promise.all([openProcessStage(), openWebhookReceiver()]);
});
afterEach(async () => {
  receiver.close();
  await stage.close();
});

test('executors that are killed between a change and its delivery lose no message, and keep those of a job in order', {
  timeout: 300_000,
}, async () => {
  const webhookId = await receiver.subscribe(stage.db, ['QUEUED', 'RUNNING', 'COMPLETED']);
  const retry = { attempts: 9, delayMs: 1, factor: 1, maxDelayMs: 1 };
  const jobs: string[] = [];
  for (const place of PLACES) {
    const doomed = await stage.start(place, { ...receiver.environment, TEST_FAILPOINTS: `${place}=kill#3` });
    for (let count = 0; count < JOBS_PER_PLACE; count += 1)
      jobs.push(await stage.queue([{ key: 'a', type: 'test.echo', with: {}, retry }]));
    // A place that is passed once for many jobs at a time is passed again for these.
    const more = setInterval(() => {
      void stage.queue([{ key: 'a', type: 'test.echo', with: {}, retry }]).then((id) => jobs.push(id));
    }, 1_000);
    expect(await doomed.exited).toMatchObject({ signal: 'SIGKILL' });
    clearInterval(more);
  }
  await stage.expire(...jobs);
  await stage.start('heir', receiver.environment);
  for (const id of jobs) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });

  const deliveries = () => listDeliveries(stage.db, DEFAULT_TENANT_ID, webhookId, 1_000);
  const completed = (rows: Awaited<ReturnType<typeof deliveries>>) =>
    new Set(rows.filter(({ payload }) => payload.type === 'job.completed').map(({ jobId }) => jobId));
  const rows = await until(
    'everything is delivered',
    deliveries,
    (found) => completed(found).size === jobs.length && found.every(({ status }) => status === 'DELIVERED'),
    DELIVERED_WITHIN_MS,
  );

  const { received } = receiver;
  expect(new Set(received.map(({ id }) => id))).toEqual(new Set(rows.map(({ id }) => `msg_${id}`)));
  expect(received.every(({ isSigned }) => isSigned)).toBe(true);
  // Somebody died with messages on their way that had arrived: they came again under the ids by which they can be told.
  expect(received.length).toBeGreaterThan(rows.length);
  const bodies = new Map(received.map(({ body, id }) => [id, body]));
  for (const { body, id } of received) expect(body).toEqual(bodies.get(id));
  const inOrder = rows.toReversed();
  for (const jobId of jobs) {
    const ids = inOrder.filter((row) => row.jobId === jobId).map(({ id }) => `msg_${id}`);
    const places = received.filter(({ body }) => body.data.id === jobId).map(({ id }) => ids.indexOf(id));
    expect(places, `messages of ${jobId}`).toEqual(places.toSorted((one, other) => one - other));
    expect(bodies.get(ids.at(-1) ?? '')?.type).toBe('job.completed');
  }
});
