import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import type { SimulatedConfig } from '../src/simulated.ts';
import { simulated } from '../src/simulated.ts';

const quick: SimulatedConfig = { durationMs: 5, failureRate: 0, seed: 1 };

describe('simulated work', () => {
  test('progress is reported after each tick and ends at 100', async () => {
    const { output, progress } = await runStep(simulated, { config: { ...quick, ticks: 4 } });
    expect(output).toEqual({ ticks: 4, durationMs: 5, seed: 1 });
    expect(progress.map(({ percent }) => percent)).toEqual([25, 50, 75, 100]);
    expect(progress.at(-1)?.note).toBe('Tick 4 of 4');
  });

  test('the log has as many lines as asked for, of every level, besides a first and a last one', async () => {
    const { lines } = await runStep(simulated, { config: { ...quick, ticks: 3, logLines: 1000 } });
    expect(lines).toHaveLength(1002);
    const levels = new Set(lines.map((line) => line.level));
    expect([...levels].sort()).toEqual(['DEBUG', 'ERROR', 'INFO', 'SUCCESS', 'WARNING']);
  });

  test('the same seed gives the same lines and the same ending, another one does not', async () => {
    const linesOf = async (config: SimulatedConfig, attempt = 1) => {
      const run = await runStep(simulated, { config: { ...quick, failureRate: 0.5, ...config }, attempt });
      return run.lines.map(({ level, message }) => [level, message]);
    };
    expect(await linesOf({ seed: 7 })).toEqual(await linesOf({ seed: 7 }));
    expect(await linesOf({ seed: 7 })).not.toEqual(await linesOf({ seed: 8 }));
    expect(await linesOf({ seed: 7 }, 2)).not.toEqual(await linesOf({ seed: 7 }, 1));
  });

  test('without a seed it takes a random one and tells it', async () => {
    const { output, lines } = await runStep(simulated, { config: { durationMs: 0, failureRate: 0 } });
    expect(lines[0]?.message).toContain(`seed ${output?.seed}`);
  });

  test('about 5 in 100 attempts fail when nothing else is said', async () => {
    const runs = await Promise.all(
      Array.from({ length: 1000 }, (_, seed) =>
        runStep(simulated, { config: { durationMs: 0, ticks: 1, logLines: 0, seed: seed * 97 } }),
      ),
    );
    const failed = runs.filter((run) => run.failure).length;
    expect(failed).toBeGreaterThan(25);
    expect(failed).toBeLessThan(80);
  });

  test('a failure has the category that was asked for, NETWORK else, and an ERROR line', async () => {
    const { failure, lines } = await runStep(simulated, {
      config: { ...quick, failureRate: 1, failWith: 'RATE_LIMIT' },
    });
    expect(failure).toMatchObject({ category: 'RATE_LIMIT', message: expect.stringContaining('(seed 1)') });
    expect(lines.at(-1)).toMatchObject({ level: 'ERROR', message: failure?.message });
    const other = await runStep(simulated, { config: { ...quick, failureRate: 1 } });
    expect(other.failure?.category).toBe('NETWORK');
  });

  test('any value can be handed on as output, null included', async () => {
    const { output } = await runStep(simulated, { config: { ...quick, output: { rows: [1, null] } } });
    expect(output?.output).toEqual({ rows: [1, null] });
    expect((await runStep(simulated, { config: { ...quick, output: null } })).output).toHaveProperty('output', null);
  });

  test('the duration may be a text, and one that is none is refused', async () => {
    const { output } = await runStep(simulated, { config: { ...quick, duration: '0.02s' } });
    expect(output?.durationMs).toBe(20);
    const { failure } = await runStep(simulated, { config: { duration: '8 parsecs' } });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('8 parsecs') });
  });

  test('it takes as long as it was told', async () => {
    const started = performance.now();
    await runStep(simulated, { config: { ...quick, durationMs: 200, ticks: 4 } });
    expect(performance.now() - started).toBeGreaterThan(190);
  });

  test('a stop ends it at once, in the middle of a tick', async () => {
    const stop = new AbortController();
    const { failure, progress } = await runStep(simulated, {
      config: { duration: '1h', failureRate: 0, ticks: 1 },
      signal: stop.signal,
      onLine: () => stop.abort('paused'),
    });
    expect(failure).toMatchObject({ category: 'CANCELLED', message: 'The step was stopped: paused.' });
    expect(progress).toEqual([]);
  });

  test('people see how long it takes', () => {
    expect(simulated.uses?.({ duration: '8s' })).toBe('8s of simulated work');
    expect(simulated.uses?.({})).toBe('2000ms of simulated work');
  });
});
