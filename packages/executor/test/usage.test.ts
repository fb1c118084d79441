import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endedChildrenCpuMs, processStats } from '../src/process-stats.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** What a program has used is known as of the last look at it, so it stays for some. */
const AWHILE = 'setTimeout(() => {}, 1500)';

/** A program that takes this much memory and this much of a processor's time. */
function burn(megabytes: number, cpuMs: number, then = ''): string {
  const script = `const held = Buffer.alloc(${megabytes} * 2 ** 20, 1); while (process.cpuUsage().user < ${cpuMs * 1_000}); ${then}`;
  return `${process.execPath} -e '${script}'`;
}

const command = (key: string, run: string, more: object = {}) => ({ key, type: 'command', with: { run }, ...more });

const executionOf = (jobId: string) => stage.db.prisma.execution.findFirstOrThrow({ where: { jobId } });
const attemptsOf = (jobId: string) =>
  stage.db.prisma.stepAttempt.findMany({ where: { step: { jobId } }, orderBy: { step: { index: 'asc' } } });

describe.runIf(process.platform === 'linux')('what programs use', () => {
  test('is measured for each attempt and for the whole of the job, children included', async () => {
    await stage.startExecutor();
    const id = await stage.queue([
      command('big', `${burn(120, 400, AWHILE)}; true`),
      command('small', 'true', { needs: [] }),
      { key: 'none', type: 'test.echo' },
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const { cpuMs, peakMemoryBytes } = await executionOf(id);
    expect(Number(cpuMs)).toBeGreaterThanOrEqual(400);
    expect(Number(cpuMs)).toBeLessThan(10_000);
    expect(Number(peakMemoryBytes)).toBeGreaterThan(120 * 2 ** 20);
    expect(Number(peakMemoryBytes)).toBeLessThan(2 ** 30);
    const [big, small, none] = await attemptsOf(id);
    expect(Number(big?.cpuMs)).toBeGreaterThanOrEqual(400);
    expect(Number(big?.peakMemoryBytes)).toBeGreaterThan(120 * 2 ** 20);
    expect(Number(small?.cpuMs)).toBeLessThan(400);
    expect(none).toMatchObject({ cpuMs: null, peakMemoryBytes: null });
  });

  test('of a child that has left its program and its group is counted too', async () => {
    await stage.startExecutor();
    const done = `${stage.folder}/burnt`;
    const escaped = burn(80, 600, `require("node:fs").writeFileSync("${done}", ""); ${AWHILE}`);
    const run = `(setsid ${escaped} &); while [ ! -e ${done} ]; do sleep 0.05; done; sleep 1`;
    const id = await stage.queue([command('a', run)]);
    await stage.settled(id);
    const { cpuMs, peakMemoryBytes } = await executionOf(id);
    // What it used after the last look at it is not known any more.
    expect(Number(cpuMs)).toBeGreaterThan(200);
    expect(Number(peakMemoryBytes)).toBeGreaterThan(80 * 2 ** 20);
  });

  test('of steps that run beside each other adds up', async () => {
    await stage.startExecutor();
    // Both hold their memory before either goes on.
    const beside = (own: string, other: string) => {
      const wait = `while (!fs.existsSync("${stage.folder}/${other}")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)`;
      return burn(
        100,
        100,
        `const fs = require("node:fs"); fs.writeFileSync("${stage.folder}/${own}", ""); ${wait}; ${AWHILE}`,
      );
    };
    const id = await stage.queue([
      command('a', beside('one', 'other')),
      command('b', beside('other', 'one'), { needs: [] }),
    ]);
    await stage.settled(id);
    expect(Number((await executionOf(id)).peakMemoryBytes)).toBeGreaterThan(200 * 2 ** 20);
    for (const attempt of await attemptsOf(id)) expect(Number(attempt.peakMemoryBytes)).toBeLessThan(250 * 2 ** 20);
  });

  test('is told while the job runs, and when it is handed back', async () => {
    const executor = await stage.startExecutor({ SIGNALBOX_LEASE_SECONDS: '10' });
    const id = await stage.queue([command('a', `${burn(10, 100)}; sleep 100`)]);
    const seen = await until(
      'it was measured',
      () => stage.db.prisma.execution.findFirst({ where: { jobId: id } }),
      (execution) => Number(execution?.cpuMs ?? 0) >= 100,
    );
    expect(seen).toMatchObject({ completedAt: null });
    const worker = await stage.db.prisma.worker.findUniqueOrThrow({ where: { id: seen?.workerId ?? '' } });
    expect(worker).toMatchObject({ pid: process.pid, criticalSlots: 1, version: expect.stringMatching(/^\d/) });
    expect(Number(worker.rssBytes)).toBeGreaterThan(10 * 2 ** 20);
    expect(worker.cpuPercent).toBeGreaterThan(0);
    expect(worker.loadAverage).not.toBeNull();
    const stopped = executor.stop();
    void executor.stop();
    await stopped;
    const handedBack = await executionOf(id);
    expect(handedBack).toMatchObject({ outcome: 'released' });
    expect(Number(handedBack.cpuMs)).toBeGreaterThanOrEqual(100);
  });

  test('is read from what the system tells of each process', () => {
    const own = processStats(process.pid).find(({ id }) => id === process.pid);
    expect(own).toMatchObject({ parent: process.ppid, startedAt: expect.stringMatching(/^\d+$/) });
    expect(own?.cpuMs).toBeGreaterThan(0);
    expect(endedChildrenCpuMs()).toBeGreaterThanOrEqual(0);
  });
});
