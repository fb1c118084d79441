import { describe, expect, test } from 'vitest';
import { expectedEnd, median, type RunningStep, slowBeyond, type UsualRuns } from '../src/usual-run.ts';

/** The same numbers in every run of the tests. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return (state + 0.5) / 2 ** 32;
  };
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

type Spread = (next: () => number) => number;
const SPREADS: Record<string, Spread> = {
  'that hardly varies': (next) => 1 + 0.02 * normal(next),
  'that varies evenly': (next) => 0.5 + next(),
  'that varies much': (next) => Math.exp(0.4 * normal(next)),
  'that is now and then much longer': (next) => (next() < 0.05 ? 2 : 1) * Math.exp(0.15 * normal(next)),
};

const CHAIN = [
  { key: 'a', needs: [], usual: 20_000 },
  { key: 'b', needs: ['a'], usual: 60_000 },
  { key: 'c', needs: ['b'], usual: 10_000 },
  { key: 'd', needs: ['c'], usual: 30_000 },
];
const DIAMOND = [
  { key: 'a', needs: [], usual: 10_000 },
  { key: 'b', needs: ['a'], usual: 80_000 },
  { key: 'c', needs: ['a'], usual: 30_000 },
  { key: 'd', needs: ['c'], usual: 30_000 },
  { key: 'e', needs: ['b', 'd'], usual: 20_000 },
];
type Shape = typeof CHAIN;

interface Run {
  end: number;
  steps: Map<string, { from: number; to: number }>;
}

function runOf(shape: Shape, spread: Spread, next: () => number): Run {
  const steps: Run['steps'] = new Map();
  for (const { key, needs, usual } of shape) {
    const from = Math.max(0, ...needs.map((need) => steps.get(need)?.to ?? 0));
    steps.set(key, { from, to: from + usual * spread(next) });
  }
  return { end: Math.max(...[...steps.values()].map(({ to }) => to)), steps };
}

function learnt(runs: readonly Run[]): UsualRuns {
  const sorted = (values: number[]) => values.sort((one, other) => one - other);
  const keys = [...(runs[0]?.steps.keys() ?? [])];
  const took = (run: Run, key: string) => (run.steps.get(key)?.to ?? 0) - (run.steps.get(key)?.from ?? 0);
  return {
    runs: sorted(runs.map(({ end }) => end)),
    steps: new Map(keys.map((key) => [key, sorted(runs.map((run) => took(run, key)))])),
  };
}

function seenAt(run: Run, shape: Shape, now: number): RunningStep[] {
  return shape.map(({ key, needs }) => {
    const { from, to } = run.steps.get(key) ?? { from: 0, to: 0 };
    if (to <= now) return { key, needs, status: 'COMPLETED', startedAt: from };
    return from <= now
      ? { key, needs, status: 'RUNNING', startedAt: from }
      : { key, needs, status: 'PENDING', startedAt: null };
  });
}

describe.each(Object.entries({ chain: CHAIN, diamond: DIAMOND }))('a %s of steps', (_name, shape) => {
  test.each(Object.keys(SPREADS))('%s: after 20 runs its end is known at half way', (name) => {
    const spread = SPREADS[name] ?? (() => 1);
    const next = numbers(7);
    const errors = Array.from({ length: 200 }, () => {
      const usual = learnt(Array.from({ length: 20 }, () => runOf(shape, spread, next)));
      const run = runOf(shape, spread, next);
      const end = expectedEnd(seenAt(run, shape, run.end / 2), usual, run.end / 2) ?? 0;
      return Math.abs(end - run.end) / run.end;
    });
    expect(median(errors.sort((one, other) => one - other))).toBeLessThan(0.2);
  });

  test.each(Object.keys(SPREADS))('%s: at most one normal run in a hundred seems slow', (name) => {
    const spread = SPREADS[name] ?? (() => 1);
    const next = numbers(11);
    let alarms = 0;
    for (let round = 0; round < 200; round += 1) {
      const past = round % 2 === 0 ? 20 : 5;
      const beyond = slowBeyond(learnt(Array.from({ length: past }, () => runOf(shape, spread, next))));
      for (let run = 0; run < 50; run += 1) if (runOf(shape, spread, next).end > (beyond ?? 0)) alarms += 1;
    }
    expect(alarms / (200 * 50)).toBeLessThan(0.01);
  });
});

const usual = (durations: Record<string, number[]>): UsualRuns => ({
  runs: [],
  steps: new Map(Object.entries(durations)),
});
const pending = (key: string, ...needs: string[]): RunningStep => ({ key, needs, status: 'PENDING', startedAt: null });

describe('the expected end', () => {
  test('follows the longest way through the steps that are left, whatever their order', () => {
    const steps = [pending('d', 'b', 'c'), pending('b', 'a'), pending('c', 'a'), pending('a')];
    const history = usual({ a: [10], b: [100], c: [30], d: [5] });
    expect(expectedEnd(steps, history, 1_000)).toBe(1_115);
    const started: RunningStep[] = [
      ...steps.slice(0, 1),
      { key: 'b', needs: ['a'], status: 'RUNNING', startedAt: 950 },
      { key: 'c', needs: ['a'], status: 'RUNNING', startedAt: 995 },
      { key: 'a', needs: [], status: 'COMPLETED', startedAt: 900 },
    ];
    expect(expectedEnd(started, history, 1_000)).toBe(1_055);
  });

  test('of a step that runs is that of those runs that had come so far, and later than now when none has', () => {
    const step: RunningStep = { key: 'a', needs: [], status: 'RUNNING', startedAt: 0 };
    const history = usual({ a: [10, 10, 10, 200, 300] });
    expect(expectedEnd([step], history, 5)).toBe(10);
    expect(expectedEnd([step], history, 50)).toBe(250);
    expect(expectedEnd([step], history, 1_000)).toBe(1_100);
  });

  test('takes a step without a history for an average one, and says nothing when there is none at all', () => {
    expect(expectedEnd([pending('a'), pending('new', 'a')], usual({ a: [10], b: [30] }), 0)).toBe(30);
    expect(expectedEnd([pending('a')], usual({}), 0)).toBeUndefined();
  });

  test('counts a step that most runs skipped as one that takes no time', () => {
    expect(expectedEnd([pending('a')], usual({ a: [0, 0, 500] }), 7)).toBe(7);
  });
});

describe('what is slow', () => {
  test('is not told from fewer than five runs', () => {
    expect(slowBeyond({ ...usual({}), runs: [1, 2, 3, 4] })).toBeUndefined();
  });

  test('is nothing that is a few seconds longer, and what is several times as long', () => {
    const beyond = slowBeyond({ ...usual({}), runs: [100, 100, 110, 120, 130] }) ?? 0;
    expect(beyond).toBeGreaterThan(5_000);
    const runs = [58, 59, 60, 60, 61, 62].map((seconds) => seconds * 1_000);
    expect(slowBeyond({ ...usual({}), runs })).toBeLessThan(3 * 60_000);
  });
});
