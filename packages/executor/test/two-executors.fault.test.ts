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

/** Who ran these jobs, and how many ran beside another one, as the database saw it. */
async function runsOf(jobs: readonly string[]): Promise<{ workers: string[]; beside: number }> {
  for (const id of jobs) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
  const runs = await stage.db.prisma.execution.findMany({ where: { jobId: { in: [...jobs] } } });
  const overlap = (one: (typeof runs)[number]) =>
    runs.some(
      (other) =>
        other !== one &&
        one.startedAt < (other.completedAt ?? other.startedAt) &&
        other.startedAt < (one.completedAt ?? one.startedAt),
    );
  return {
    workers: [...new Set(runs.map(({ workerName }) => workerName))].sort(),
    beside: runs.filter(overlap).length,
  };
}

describe('two executors on one database', { timeout: 240_000 }, () => {
  test('run jobs beside each other that one has to run one by one', async () => {
    const one = { ...LONG, SIGNALBOX_CONCURRENCY: '1' };
    const queueAll = () =>
      Promise.all(Array.from({ length: 8 }, () => stage.queue([{ key: 'a', type: 'simulated', with: sleep(400) }])));
    await stage.start('first', one);
    expect(await runsOf(await queueAll())).toEqual({ workers: ['first'], beside: 0 });
    await stage.start('second', one);
    const { beside, workers } = await runsOf(await queueAll());
    expect(workers).toEqual(['first', 'second']);
    expect(beside).toBeGreaterThan(0);
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
