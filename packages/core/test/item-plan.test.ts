import { describe, expect, it } from 'vitest';
import type { StepDefinition, WorkflowDefinition } from '../src/definition.ts';
import type { JsonObject } from '../src/json.ts';
import { plan } from '../src/plan.ts';
import type { Plan, PlannedStep } from '../src/planned.ts';
import type { StepStatus } from '../src/statuses.ts';

/** The step that runs for each item, and one that needs it. */
function workflow(each: Partial<StepDefinition>): WorkflowDefinition {
  const step = { name: 'each', key: 'each', type: 't', needs: [], with: {}, forEach: '${{ input.list }}', ...each };
  const after = { name: 'after', key: 'after', type: 't', needs: ['each'], with: {} };
  return { slug: 'a', name: 'a', input: { type: 'object' }, steps: [step, after] };
}

const job = { id: 'j', workflow: 'a', version: 1, subject: null, labels: [] };
const nothing = { start: [], skip: [], fail: [] };

function item(index: number, status: StepStatus): PlannedStep {
  const error = status === 'FAILED' ? { message: `no ${index}`, category: 'NETWORK' as const } : null;
  const output = status === 'COMPLETED' ? `did ${index}` : null;
  return { key: `each[${index}]`, status, output, error, item: { of: 'each', index, value: index } };
}

/** Plans with the items in these states, after the step was begun. */
function planned(
  each: Partial<StepDefinition>,
  items: StepStatus[],
  input: JsonObject = {},
  status: StepStatus = 'RUNNING',
): Plan {
  const list: PlannedStep = { key: 'each', status, output: null, error: null };
  const rows = items.map((of, index) => item(index, of)).toReversed();
  return plan(workflow(each), { input, job }, items.length > 0 ? [list, ...rows] : []);
}

describe('plan: steps with forEach', () => {
  it('begin with their list, once what they need has settled', () => {
    expect(planned({}, [], { list: ['a', { b: 1 }] })).toEqual({
      ...nothing,
      expand: [{ key: 'each', items: ['a', { b: 1 }] }],
    });
    expect(planned({ forEach: [1, '${{ input.x }}'] }, [], { x: 2 })).toEqual({
      ...nothing,
      expand: [{ key: 'each', items: [1, 2] }],
    });
  });

  it('complete at once when the list is empty', () => {
    expect(planned({}, [], { list: [] })).toEqual({
      ...nothing,
      start: ['after'],
      complete: [{ key: 'each', output: [] }],
    });
  });

  it.each([
    [{}, '${{ input.list }} cannot be evaluated: No such key: list.'],
    [{ list: 3 }, '"forEach" needs a list, and ${{ input.list }} gives the number 3.'],
    [{ list: null }, '"forEach" needs a list, and ${{ input.list }} gives null.'],
    [{ list: { a: 1 } }, '"forEach" needs a list, and ${{ input.list }} gives an object.'],
  ])('fail when there is no list in %j', (input, message) => {
    expect(planned({}, [], input)).toMatchObject({
      fail: [{ key: 'each', message, category: 'CONFIGURATION' }],
      skip: [{ key: 'after', because: 'needs each, which failed' }],
      done: { status: 'FAILED', error: { message, stepKey: 'each' } },
    });
  });

  it('start at most ten items at once, in their order, and fewer when maxParallel says so', () => {
    const many = Array<StepStatus>(15).fill('PENDING');
    expect(planned({}, many).start).toEqual(Array.from({ length: 10 }, (_, n) => `each[${n}]`));
    expect(planned({ maxParallel: 2 }, ['RUNNING', 'PENDING', 'PENDING']).start).toEqual(['each[1]']);
    expect(planned({ maxParallel: 2 }, ['RUNNING', 'WAITING', 'PENDING'])).toEqual(nothing);
  });

  it('go on with their other items when one fails, and settle with the last', () => {
    expect(planned({}, ['FAILED', 'PENDING', 'RUNNING']).start).toEqual(['each[1]']);
    const error = { message: '2 of 3 items failed, the first of them each[1]: no 1', category: 'NETWORK' };
    expect(planned({}, ['COMPLETED', 'FAILED', 'FAILED'])).toEqual({
      start: [],
      skip: [{ key: 'after', because: 'needs each, which failed' }],
      fail: [{ key: 'each', ...error }],
      done: { status: 'FAILED', error: { message: 'no 1', category: 'NETWORK', stepKey: 'each[1]' } },
    });
  });

  it('give the outputs in the order of the items, null where there is none', () => {
    expect(planned({ continueOnError: true }, ['COMPLETED', 'FAILED', 'SKIPPED', 'COMPLETED'])).toEqual({
      ...nothing,
      start: ['after'],
      complete: [{ key: 'each', output: ['did 0', null, null, 'did 3'] }],
    });
  });

  it('ask a condition that speaks of the item for each of them', () => {
    expect(planned({ if: 'item != 1 && input.go' }, ['PENDING', 'PENDING', 'PENDING'], { go: true })).toEqual({
      start: ['each[0]', 'each[2]'],
      skip: [{ key: 'each[1]', because: 'condition is false: item != 1 && input.go (item = 1, input.go = true)' }],
      fail: [],
    });
  });

  it('fail an item, and with it the step and the job, whose condition cannot be evaluated', () => {
    const result = planned({ if: 'item.x' }, ['PENDING']);
    expect(result.fail.map(({ key }) => key)).toEqual(['each[0]', 'each']);
    expect(result.done).toMatchObject({ status: 'FAILED', error: { stepKey: 'each[0]', category: 'CONFIGURATION' } });
    expect(result.fail[0]?.message).toContain('item.x');
  });

  it('ask any other condition once, before the list is read', () => {
    expect(planned({ if: 'has(input.list)' }, [])).toEqual({
      ...nothing,
      start: ['after'],
      skip: [{ key: 'each', because: 'condition is false: has(input.list) (input.list is absent)' }],
    });
  });

  it('go on with the items that an earlier worker made, and make none again', () => {
    expect(planned({}, ['COMPLETED', 'PENDING'], {}, 'PENDING')).toEqual({
      ...nothing,
      start: ['each[1]'],
      expand: [{ key: 'each', items: [] }],
    });
    expect(planned({}, ['COMPLETED', 'COMPLETED'], {}, 'PENDING').complete).toEqual([
      { key: 'each', output: ['did 0', 'did 1'] },
    ]);
  });
});
