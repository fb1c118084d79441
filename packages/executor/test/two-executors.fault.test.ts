import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';

let stage: ProcessStage;
beforeEach(async () => {
  stage = await openProcessStage();
});
afterEach(() => stage.close());

const LONG = { SIGNALBOX_LEASE_SECONDS: '30' };
const sleep = (durationMs: number) => ({ durationMs, ticks: 1, failureRate: 0, logLines: 0 });

/** Created all the time, as long as executors come and go; a slow machine has no more to do than another one. */
const LEAST_JOBS = 10;
const MOST_JOBS = 60;

/** Milliseconds from the first start to the last end, as the database saw them. */
async function timeOf(jobs: readonly string[]): Promise<number> {
  for (const id of jobs) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
  const { rows } = await stage.db.pool.query<{ ms: number }>(
    `SELECT extract(epoch FROM max(completed_at) - min(started_at))::float8 * 1000 AS ms FROM job WHERE id = ANY($1::uuid[])`,
    [jobs],
  );
  return rows[0]?.ms ?? 0;
}

describe('two executors on one database', { timeout: 240_000 }, () => {
  test('get more done than one', async () => {
    const one = { ...LONG, SIGNALBOX_CONCURRENCY: '1' };
    const queueAll = () =>
      Promise.all(Array.from({ length: 8 }, () => stage.queue([{ key: 'a', type: 'simulated', with: sleep(400) }])));
    await stage.start('first', one);
    const alone = await timeOf(await queueAll());
    await stage.start('second', one);
    const together = await timeOf(await queueAll());
    expect(together).toBeLessThan(alone * 0.85);
    expect(await stage.violations()).toEqual([]);
  });

  test('that are restarted one after the other under load lose nothing and double nothing', async () => {
    const effects = path.join(stage.folder, 'effects');
    const run = 'echo "$SIGNALBOX_JOB_ID $SIGNALBOX_STEP_KEY" >> "$EFFECTS"; sleep 0.1';
    const note = (key: string) => ({ key, type: 'command', with: { run, env: { EFFECTS: effects } } });
    const steps = [note('a'), { key: 'b', type: 'simulated', with: sleep(50) }, note('c')];
    const jobs: string[] = [];
    let rolling = true;
    const load = (async () => {
      while ((rolling && jobs.length < MOST_JOBS) || jobs.length < LEAST_JOBS) {
        jobs.push(await stage.queue(steps));
        await pause(100);
      }
    })();
    let old = [await stage.start('a1', LONG), await stage.start('b1', LONG)];
    try {
      for (const name of ['a2', 'b2', 'a3']) {
        const [leaving, ...staying] = old;
        leaving?.signal('SIGTERM');
        old = [...staying, await stage.start(name, LONG)];
        expect(await leaving?.exited).toEqual({ code: 0, signal: null });
      }
    } finally {
      rolling = false;
      await load;
    }
    for (const id of jobs) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const lines = readFileSync(effects, 'utf8').trim().split('\n');
    expect(lines.toSorted()).toEqual(jobs.flatMap((id) => [`${id} a`, `${id} c`]).toSorted());
    expect(await stage.violations({ acknowledged: jobs.map((jobId) => ({ jobId })) })).toEqual([]);
  });
});
