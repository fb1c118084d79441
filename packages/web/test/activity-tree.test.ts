import { describe, expect, test } from 'vitest';
import { formatExactCost, formatKnownCost, missingCost } from '../src/app/money.ts';
import { type Activity, gist, totalsOf, turnsOf } from '../src/screens/job/activity-tree.ts';

function activity(id: string, more: Partial<Activity> = {}): Activity {
  return {
    id,
    kind: 'MODEL_TURN',
    name: 'openai/gpt-5',
    status: 'COMPLETED',
    attempt: 1,
    parentId: null,
    input: null,
    output: null,
    error: null,
    startedAt: '2026-11-21T10:30:00Z',
    completedAt: null,
    durationMs: 0,
    cost: null,
    ...more,
  };
}

describe('the tree of what an agent did', () => {
  test('has the calls below the turn that asked for them, and counts turns within each attempt', () => {
    const call = activity('c', { kind: 'TOOL_CALL', parentId: 'a' });
    const orphan = activity('o', { kind: 'TOOL_CALL', parentId: 'left out' });
    const turns = turnsOf([activity('a'), call, activity('b'), orphan, activity('d', { attempt: 2 })]);
    expect(turns.map(({ activity: { id }, calls, number }) => [id, number, calls.map((one) => one.id)])).toEqual([
      ['a', 1, ['c']],
      ['b', 2, []],
      ['o', 3, []],
      ['d', 1, []],
    ]);
  });

  test('adds up what is known, and says when that is not all', () => {
    const cost = { microUsd: '7', inputTokens: '3', outputTokens: '2', estimated: false };
    const known = totalsOf([activity('a', { cost }), activity('b', { cost }), activity('c', { kind: 'TOOL_CALL' })]);
    expect(known).toEqual({ turns: 2, calls: 1, inputTokens: 6, outputTokens: 4, microUsd: 14, complete: true });
    expect(totalsOf([activity('a', { cost: { ...cost, microUsd: null } })]).complete).toBe(false);
    expect(totalsOf([activity('a', { cost: { ...cost, estimated: true } })]).complete).toBe(false);
  });

  test('tells each in a line: its error, its answer, or its arguments', () => {
    expect(gist(activity('a', { output: { text: '\nFirst.\nSecond.' } }))).toBe('First.');
    expect(gist(activity('a', { kind: 'TOOL_CALL', input: { n: 1 } }))).toBe('{"n":1}');
    expect(gist(activity('a', { error: 'no luck', output: { text: 'x' } }))).toBe('no luck');
    expect(gist(activity('a'))).toBe('');
  });
});

test('amounts are exact where they are looked at closely, and never 0 when they are not known', () => {
  expect([1_498, 1_500_000, 0].map(formatExactCost)).toEqual(['$0.001498', '$1.50', '$0.00']);
  expect(formatKnownCost({ microUsd: 0, complete: false })).toBe('unknown');
  expect(formatKnownCost({ microUsd: 20_000, complete: false })).toBe('≥ $0.02');
  expect(missingCost({ complete: false, unpricedModels: ['x/y'] })).toBe('The price of x/y is not known.');
  expect(missingCost({ complete: true, unpricedModels: [] })).toBeUndefined();
});
