import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExecutorProcess } from './executor-process.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
beforeEach(async () => {
  stage = await openProcessStage();
});
afterEach(() => stage.close());

/** Nothing of a test is to wait for, or to suffer from, the end of a lease: `stage.expire` ends them. */
const LONG = { SIGNALBOX_LEASE_SECONDS: '60' };
const HEIR = { SIGNALBOX_LEASE_SECONDS: '12' };
const retry = { attempts: 9, delayMs: 1, factor: 1, maxDelayMs: 1 };
const said = (executor: ExecutorProcess, what: string, withinMs?: number) =>
  until(
    `it says "${what}"`,
    () => executor.said(),
    (text) => text.includes(what),
    withinMs,
  );

describe('an executor that is frozen with writes under way', { timeout: 180_000 }, () => {
  test('has each of them refused when another one has its jobs: beat, line, attempt, artifact and end', async () => {
    const hold = path.join(stage.folder, 'hold');
    const open = path.join(stage.folder, 'open');
    const places = ['before-beat', 'before-log', 'before-record', 'before-artifact'];
    const TEST_FAILPOINTS = places.map((place) => `${place}=hold:${hold}`).join(',');
    const zombie = await stage.start('zombie', { ...LONG, TEST_FAILPOINTS });
    const wait = `while [ ! -e ${open} ]; do sleep 0.02; done`;
    const jobs = {
      line: await stage.queue([
        {
          key: 'a',
          type: 'command',
          retry,
          with: { run: `echo pid $$; ${wait}; echo late $SIGNALBOX_ATTEMPT; sleep 100` },
        },
      ]),
      attempt: await stage.queue([
        { key: 'a', type: 'command', retry, with: { run: `echo up; ${wait}` } },
        { key: 'b', type: 'test.echo', retry },
      ]),
      artifact: await stage.queue([{ key: 'a', type: 'test.late-artifact', retry, with: { file: open } }]),
      end: await stage.queue([{ key: 'a', type: 'test.gate', retry, with: { file: open } }]),
    };
    const program = Number((await stage.logged(jobs.line, /^pid \d+$/)).message.slice(4));
    for (const id of [jobs.attempt, jobs.artifact, jobs.end]) await stage.logged(id, /^(up|waiting)/);
    await writeFile(hold, '');
    await writeFile(open, '');
    for (const place of places) await said(zombie, `failpoint ${place}: hold`, 30_000);
    zombie.signal('SIGSTOP');
    await rm(open);
    await stage.expire(...Object.values(jobs));
    const heir = await stage.start('heir', HEIR);
    for (const id of Object.values(jobs)) await stage.logged(id, /was lost/);
    const untilHeld = (id: string) =>
      until(
        `${id} is held again`,
        () => stage.job(id),
        ({ epoch }) => epoch === 2,
      );
    for (const id of Object.values(jobs)) await untilHeld(id);
    await rm(hold);
    zombie.signal('SIGCONT');
    for (const id of Object.values(jobs))
      await until(
        'it has put the job down',
        () => zombie.said(),
        (text) => downs(text).includes(id),
      );
    expect(isAlive(program)).toBe(false);
    expect(isAlive(zombie.pid)).toBe(true);
    await requestCancel(stage.db, DEFAULT_TENANT_ID, jobs.line, true);
    await writeFile(open, '');
    for (const id of [jobs.attempt, jobs.artifact, jobs.end])
      expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(await stage.settled(jobs.line)).toMatchObject({ status: 'CANCELLED' });
    const late = (await stage.lines(jobs.line)).map(({ message }) => message);
    expect(late).not.toContain('late 1');
    expect(await stage.db.prisma.artifact.findMany({ select: { jobId: true } })).toEqual([{ jobId: jobs.artifact }]);
    expect(heir.said()).not.toContain('given up');
    expect(await stage.violations()).toEqual([]);
  });
});

/** The jobs that it says it has put down. */
function downs(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => (/a lost job was put down/.test(line) ? [/"jobId":"([^"]+)"/.exec(line)?.[1] ?? ''] : []));
}

describe('a lost job', { timeout: 180_000 }, () => {
  test('is taken over once by two reapers that have both seen it, and not at all when its worker came back', async () => {
    const hold = path.join(stage.folder, 'hold');
    const open = path.join(stage.folder, 'open');
    const lost = await stage.start('lost', { ...LONG, SIGNALBOX_QUEUES: 'lost' });
    const back = await stage.start('back', { ...LONG, SIGNALBOX_QUEUES: 'back' });
    const gate = [{ key: 'a', type: 'test.gate', with: { file: open } }];
    const lostJob = await stage.queue(gate, { workflow: { queue: 'lost' } });
    const backJob = await stage.queue(gate, { workflow: { queue: 'back' } });
    for (const id of [lostJob, backJob]) await stage.logged(id, /^waiting in attempt 1$/);
    await writeFile(hold, '');
    const settings = { ...HEIR, TEST_FAILPOINTS: `takeover-read=hold:${hold}`, SIGNALBOX_QUEUES: 'lost,back' };
    const reapers = await Promise.all(['first', 'second'].map((name) => stage.start(name, settings)));
    // Nobody else may take them, so both stand still.
    for (const executor of [lost, back]) executor.signal('SIGSTOP');
    await stage.expire(lostJob, backJob);
    for (const reaper of reapers) await said(reaper, 'failpoint takeover-read: hold', 30_000);
    await stage.db.pool.query(`UPDATE execution SET lease_expires_at = now() + interval '1 hour' WHERE job_id = $1`, [
      backJob,
    ]);
    lost.signal('SIGKILL');
    await rm(hold);
    back.signal('SIGCONT');
    await stage.logged(lostJob, /^waiting in attempt 2$/);
    await writeFile(open, '');
    expect(await stage.settled(lostJob)).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(await stage.settled(backJob)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    // The one that came back looks for lost jobs too, and may be the quickest.
    const alive = [back, ...reapers];
    const takeovers = () =>
      alive.flatMap((executor) => executor.said().match(/job of a lost worker taken over/g) ?? []);
    // The job may be over before the line is written.
    await until('one says so', takeovers, ({ length }) => length > 0);
    for (const executor of alive) executor.signal('SIGTERM');
    for (const executor of alive) await executor.exited;
    expect(takeovers()).toHaveLength(1);
    expect(await stage.violations()).toEqual([]);
  });
});

describe('a claim that comes too late', { timeout: 180_000 }, () => {
  test('runs nothing', async () => {
    const hold = path.join(stage.folder, 'hold');
    await writeFile(hold, '');
    // Full with the two calls: it must not take them again when they are free.
    const first = await stage.start('first', {
      TEST_FAILPOINTS: `before-claim=hold:${hold}`,
      SIGNALBOX_QUEUES: 'one',
      SIGNALBOX_CONCURRENCY: '2',
    });
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo once' } }], {
      workflow: { queue: 'one' },
    });
    const cancelled = await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo never' } }], {
      workflow: { queue: 'one' },
    });
    await until(
      'both wake-up calls were taken',
      () => first.said().match(/before-claim: hold/g)?.length,
      (count) => count === 2,
    );
    await requestCancel(stage.db, DEFAULT_TENANT_ID, cancelled, false);
    // As after hours of silence: the queue library gives the call to somebody else.
    await stage.db.pool.query(
      `SELECT graphile_worker.force_unlock_workers(array_agg(locked_by)) FROM graphile_worker.jobs`,
    );
    await stage.start('second', { ...HEIR, SIGNALBOX_QUEUES: 'one' });
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    await rm(hold);
    const last = await stage.queue([{ key: 'a', type: 'test.echo' }], { workflow: { queue: 'one' } });
    expect(await stage.settled(last)).toMatchObject({ status: 'COMPLETED' });
    expect(await stage.job(cancelled)).toMatchObject({ status: 'CANCELLED', epoch: 0 });
    expect((await stage.lines(id)).map(({ message }) => message)).toEqual(['once']);
    expect(await stage.violations()).toEqual([]);
  });
});
