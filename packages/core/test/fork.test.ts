import { describe, expect, it } from 'vitest';
import type { WorkflowDefinition } from '../src/definition.ts';
import { reusableSteps } from '../src/fork.ts';
import type { StepStatus } from '../src/statuses.ts';

/** Steps as `key: needs`. */
function workflow(graph: Record<string, string[]>): WorkflowDefinition {
  const steps = Object.entries(graph).map(([key, needs]) => ({ key, name: key, type: 'command', needs, with: {} }));
  return { slug: 'w', name: 'W', input: { type: 'object' }, steps };
}

const diamond = workflow({ fetch: [], left: ['fetch'], right: ['fetch'], join: ['left', 'right'], report: ['join'] });
const statuses = (more: Record<string, StepStatus> = {}) =>
  new Map(diamond.steps.map(({ key }) => [key, more[key] ?? ('COMPLETED' as const)]));

describe('reusableSteps', () => {
  it.each([
    { from: 'fetch', reused: [] },
    { from: 'left', reused: ['fetch', 'right'] },
    { from: 'join', reused: ['fetch', 'left', 'right'] },
    { from: 'report', reused: ['fetch', 'left', 'right', 'join'] },
  ])('takes over $reused when the fork starts at $from', ({ from, reused }) => {
    expect([...reusableSteps(diamond, statuses(), from)].toSorted()).toEqual(reused.toSorted());
  });

  it('takes over nothing that did not complete', () => {
    expect([...reusableSteps(diamond, statuses({ right: 'SKIPPED' }), 'join')]).toEqual(['fetch', 'left']);
  });

  it('takes over nothing behind a step that failed or was cancelled, for that one runs again', () => {
    expect([...reusableSteps(diamond, statuses({ left: 'FAILED' }), 'report')]).toEqual(['fetch', 'right']);
    expect([...reusableSteps(diamond, statuses({ fetch: 'CANCELLED' }), 'report')]).toEqual([]);
  });

  it('does not depend on the order in which the steps are written', () => {
    const backward = workflow({ last: ['middle'], middle: ['first'], first: [] });
    const all = new Map<string, StepStatus>([
      ['last', 'COMPLETED'],
      ['middle', 'COMPLETED'],
      ['first', 'COMPLETED'],
    ]);
    expect([...reusableSteps(backward, all, 'middle')]).toEqual(['first']);
  });

  it('takes ten thousand steps in a row', () => {
    const graph = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`s${n}`, n === 0 ? [] : [`s${n - 1}`]]));
    const long = workflow(graph);
    const all = new Map(long.steps.map(({ key }) => [key, 'COMPLETED' as const]));
    expect(reusableSteps(long, all, 's9000').size).toBe(9_000);
  });
});
