import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { openDatabase } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { createJob } from '@signalbox/db/jobs';
import { SignalSender } from '@signalbox/db/signals';
import { findWorkflow, saveWorkflow } from '@signalbox/db/workflows';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
let proxy: DatabaseProxy;
let signals: SignalSender;
beforeEach(async () => {
  stage = await openProcessStage();
  signals = new SignalSender(stage.url);
  proxy = await startDatabaseProxy(stage.url);
});
afterEach(async () => {
  proxy.restore();
  await signals.close();
  await stage.close();
  await proxy.close();
});

const start = (leaseSeconds = 30) =>
  stage.start('first', { DATABASE_URL: proxy.url, SIGNALBOX_LEASE_SECONDS: String(leaseSeconds) });
const gapless = (lines: { seq: number }[]) =>
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));

describe('a connection that is cut between the commit and its answer', { timeout: 120_000 }, () => {
  test('stores no line of the log twice', async () => {
    await start();
    const file = path.join(stage.folder, 'open');
    const run = `echo first; while [ ! -e ${file} ]; do sleep 0.01; done; seq 1 500; echo last`;
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run } }]);
    await stage.logged(id, /^first$/);
    const lost = proxy.loseAnswerTo('append-log-lines');
    await writeFile(file, '');
    await lost;
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const lines = await stage.lines(id);
    gapless(lines);
    expect(lines.map(({ message }) => message)).toEqual([
      'first',
      ...Array.from({ length: 500 }, (_, index) => String(index + 1)),
      'last',
    ]);
  });

  test('stores no line twice and loses none when a cancel writes into the log at the same time', async () => {
    await start();
    const file = path.join(stage.folder, 'open');
    const run = `trap '' TERM; echo first; while [ ! -e ${file} ]; do sleep 0.01; done; seq 1 500; while :; do sleep 0.01; done`;
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run } }]);
    await stage.logged(id, /^first$/);
    const lost = proxy.loseAnswerTo('append-log-lines');
    await writeFile(file, '');
    await lost;
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    await stage.logged(id, /^500$/);
    const lines = await stage.lines(id);
    gapless(lines);
    const numbers = lines.flatMap(({ message }) => (/^\d+$/.test(message) ? [Number(message)] : []));
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(lines.filter(({ message }) => message.startsWith('Cancel requested'))).toHaveLength(1);
  });

  test('ends no step twice and starts none twice', async () => {
    await start();
    const file = path.join(stage.folder, 'open');
    const counter = path.join(stage.folder, 'counter');
    const id = await stage.queue([
      { key: 'a', type: 'test.gate', with: { file } },
      { key: 'b', type: 'test.progress', with: { values: [] } },
      { key: 'c', type: 'command', with: { run: `echo x >> ${counter}` } },
    ]);
    await stage.logged(id, /^waiting/);
    const lost = proxy.loseAnswerTo('record-changes');
    await writeFile(file, '');
    await lost;
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', completedSteps: 3 });
    expect(job.steps.map(({ attempts }) => attempts.length)).toEqual([1, 1, 1]);
    expect(readFileSync(counter, 'utf8')).toBe('x\n');
  });

  test('of createJob makes one job, which the same request under the same key then gets', async () => {
    const definition = { slug: 'once', name: 'Once', input: { type: 'object' as const }, steps: [] };
    await saveWorkflow(stage.db, DEFAULT_TENANT_ID, definition, 'once');
    const workflow = await findWorkflow(stage.db, DEFAULT_TENANT_ID, 'once');
    if (!workflow) throw new Error('the workflow was not saved');
    const db = openDatabase(proxy.url, { applicationName: 'signalbox test' });
    const request = { tenantId: DEFAULT_TENANT_ID, workflow, input: { n: 1 }, idempotencyKey: 'the-same' };
    const lost = proxy.loseAnswerTo('create-job');
    await expect(createJob(db, request)).rejects.toThrow(/terminated|ECONNRESET|closed/);
    await lost;
    const again = await createJob(db, request);
    await db.close();
    expect(again.created).toBe(false);
    expect(await stage.db.prisma.job.findMany({ select: { id: true } })).toEqual([{ id: again.id }]);
  });

  test('knows that it has settled the job', async () => {
    await start();
    const file = path.join(stage.folder, 'open');
    const id = await stage.queue([{ key: 'a', type: 'test.gate', with: { file } }]);
    await stage.logged(id, /^waiting/);
    const lost = proxy.loseAnswerTo('record-changes');
    await writeFile(file, '');
    await lost;
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'test.echo' }]))).toMatchObject({
      status: 'COMPLETED',
    });
  });
});

describe('connections that the database ends', () => {
  test('leave neither a new job nor a cancel unheard, and the next ones are heard at once again', async () => {
    // The heartbeat, which would tell of the cancel too, comes late.
    await stage.start('first', { SIGNALBOX_LEASE_SECONDS: '600' });
    const endless = [{ key: 'a', type: 'command', with: { run: 'echo up; sleep 100' } }];
    for (const round of [1, 2]) {
      const running = await stage.queue(endless);
      await stage.logged(running, /^up$/);
      await requestCancel(stage.db, DEFAULT_TENANT_ID, running, true);
      if (round === 2) signals.send('control', running);
      else {
        await stage.db.pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name NOT IN ('signalbox test', 'signalbox heartbeat')`,
        );
      }
      const inGap = await stage.queue([{ key: 'a', type: 'test.echo' }]);
      expect(await stage.settled(running)).toMatchObject({ status: 'CANCELLED' });
      expect(await stage.settled(inGap)).toMatchObject({ status: 'COMPLETED' });
    }
    expect(await stage.violations()).toEqual([]);
  });
});

describe('a database that is away', () => {
  test('for less than a lease holds the job up and nothing else: no line is lost, and new jobs run again', async () => {
    await start();
    const away = path.join(stage.folder, 'away');
    const back = path.join(stage.folder, 'back');
    const wait = (file: string) => `while [ ! -e ${file} ]; do sleep 0.01; done`;
    const run = `echo before; ${wait(away)}; seq 1 2000; touch ${away}.done; ${wait(back)}; echo after`;
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run } },
      { key: 'b', type: 'test.echo' },
    ]);
    await stage.logged(id, /^before$/);
    proxy.goAway();
    await writeFile(away, '');
    await until(
      'the program has written while the database was away',
      () => readFileOrNothing(`${away}.done`),
      (text) => text !== undefined,
    );
    proxy.restore();
    await writeFile(back, '');
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    const lines = await stage.lines(id);
    gapless(lines);
    expect(lines.map(({ message }) => message)).toEqual([
      'before',
      ...Array.from({ length: 2_000 }, (_, index) => String(index + 1)),
      'after',
    ]);
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'test.echo' }]))).toMatchObject({
      status: 'COMPLETED',
    });
  });

  test('for longer has the job given up and its programs ended before anybody else can take it', async () => {
    await start(12);
    const retry = { attempts: 2, delayMs: 1, factor: 1, maxDelayMs: 1 };
    const file = path.join(stage.folder, 'open');
    const run = `echo pid $$; while [ ! -e ${file} ]; do sleep 0.01; done`;
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run }, retry }]);
    const pid = Number((await stage.logged(id, /^pid \d+$/)).message.slice(4));
    proxy.goAway();
    await until(
      'the program is gone',
      () => isAlive(pid),
      (alive) => !alive,
    );
    const { rows } = await stage.db.pool.query<{ valid: boolean }>(
      'SELECT lease_expires_at > now() AS valid FROM execution WHERE job_id = $1',
      [id],
    );
    expect(rows).toEqual([{ valid: true }]);
    expect(await stage.job(id)).toMatchObject({ status: 'RUNNING' });
    proxy.restore();
    await writeFile(file, '');
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(job.step('a').attempts).toMatchObject([{ category: 'WORKER_LOST' }, { status: 'COMPLETED' }]);
    gapless(await stage.lines(id));
  });
});

function readFileOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
