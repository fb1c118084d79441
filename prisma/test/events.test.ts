import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentEventPosition, readEventsAfter } from '../src/events.ts';
import { SignalListener, SignalSender } from '../src/signals.ts';
import { createTestDatabase } from './database.ts';
import { createFixture, type Fixture, TENANT } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

test('a reader that resumes from its position gets each event once and in order', async () => {
  const start = await currentEventPosition(fixture.db);
  const ids = await Promise.all(Array.from({ length: 25 }, () => fixture.newJob()));
  const seen: string[] = [];
  const numbersSeen: string[] = [];
  let position = start;
  for (let more = true; more; ) {
    const batch = await readEventsAfter(fixture.db, position, 10);
    seen.push(...batch.events.map((event) => event.jobId));
    numbersSeen.push(...batch.events.map((event) => event.xid));
    position = batch.events.at(-1) ?? position;
    more = batch.more;
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
  // Also where a number gets one digit more.
  const numbers = numbersSeen.map(BigInt);
  expect(numbers).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : 1)));
  expect((await readEventsAfter(fixture.db, position, 10)).events).toEqual([]);
});

test('an event of a slow transaction is not passed over by a reader that saw a later one', async () => {
  const start = await currentEventPosition(fixture.db);
  const slow = await fixture.db.pool.connect();
  await slow.query('BEGIN');
  const insert = `INSERT INTO job_event (tenant_id, job_id, kind) VALUES ($1, $2, 'slow')`;
  const slowJob = '00000000-0000-7000-8000-0000000000aa';
  await slow.query(insert, [TENANT, slowJob]);
  const quickJob = await fixture.newJob();
  const early = await readEventsAfter(fixture.db, start, 10);
  expect(early).toEqual({ events: [], more: true });
  await slow.query('COMMIT');
  slow.release();
  const late = await readEventsAfter(fixture.db, start, 10);
  expect(late.events.map((event) => event.jobId)).toEqual([slowJob, quickJob]);
});

test('a long transaction in another database of the server holds nothing back', async () => {
  const neighbour = await createTestDatabase();
  const client = new pg.Client({ connectionString: neighbour.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_current_xact_id()');
  const start = await currentEventPosition(fixture.db);
  const job = await fixture.newJob();
  expect((await readEventsAfter(fixture.db, start, 10)).events.map((event) => event.jobId)).toEqual([job]);
  await client.end();
  await neighbour.drop();
});

test('hints arrive coalesced, and a listener whose connection is cut comes back and looks at everything', async () => {
  const heard = new EventEmitter();
  const listener = new SignalListener(fixture.db.url, ['changed'], {
    onSignal: (_kind, jobIds) => heard.emit('signal', jobIds),
    onGap: () => heard.emit('gap'),
  });
  const firstGap = once(heard, 'gap');
  await listener.start();
  await firstGap;
  const sender = new SignalSender(fixture.db.url);
  const signal = once(heard, 'signal');
  for (const jobId of ['a', 'b', 'a']) sender.send('changed', jobId);
  expect((await signal)[0]).toEqual(['a', 'b']);

  const secondGap = once(heard, 'gap');
  await fixture.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'signalbox listener' AND datname = current_database()`,
  );
  await secondGap;
  const afterwards = once(heard, 'signal');
  sender.send('changed', 'c');
  expect((await afterwards)[0]).toEqual(['c']);
  await sender.close();
  await listener.close();
});
