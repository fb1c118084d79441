import { describe, expect, it } from 'vitest';
import type { WorkflowDefinition } from '../src/definition.ts';
import { plan } from '../src/plan.ts';
import type { PlannedStep } from '../src/planned.ts';
import { failedBy, job, nothing, planned, type State, workflow } from './planned.ts';

describe('plan: what starts', () => {
  const line = workflow({ a: {}, b: {}, c: {} });
  const diamond = workflow({ a: {}, b: { needs: ['a'] }, c: { needs: ['a'] }, d: { needs: ['b', 'c'] } });

  it.each<{ what: string; definition: WorkflowDefinition; of: Record<string, State>; start: string[] }>([
    {
      what: 'the first step of a line',
      definition: line,
      of: { a: 'PENDING', b: 'PENDING', c: 'PENDING' },
      start: ['a'],
    },
    {
      what: 'nothing while the first one runs',
      definition: line,
      of: { a: 'RUNNING', b: 'PENDING', c: 'PENDING' },
      start: [],
    },
    {
      what: 'nothing while the first one waits',
      definition: line,
      of: { a: 'WAITING', b: 'PENDING', c: 'PENDING' },
      start: [],
    },
    {
      what: 'the second when the first has completed',
      definition: line,
      of: { a: 'COMPLETED', b: 'PENDING', c: 'PENDING' },
      start: ['b'],
    },
    {
      what: 'both arms of a diamond',
      definition: diamond,
      of: { a: 'COMPLETED', b: 'PENDING', c: 'PENDING', d: 'PENDING' },
      start: ['b', 'c'],
    },
    {
      what: 'the other arm while one runs',
      definition: diamond,
      of: { a: 'COMPLETED', b: 'RUNNING', c: 'PENDING', d: 'PENDING' },
      start: ['c'],
    },
    {
      what: 'nothing before both arms have settled',
      definition: diamond,
      of: { a: 'COMPLETED', b: 'COMPLETED', c: 'RUNNING', d: 'PENDING' },
      start: [],
    },
    {
      what: 'the foot when both arms have',
      definition: diamond,
      of: { a: 'COMPLETED', b: 'COMPLETED', c: 'COMPLETED', d: 'PENDING' },
      start: ['d'],
    },
    {
      what: 'everything that needs nothing',
      definition: workflow({ a: {}, b: { needs: [] }, c: { needs: [] } }),
      of: {},
      start: ['a', 'b', 'c'],
    },
    {
      what: 'a step above the one it needs',
      definition: workflow({ a: { needs: ['b'] }, b: { needs: [] } }),
      of: { a: 'PENDING', b: 'COMPLETED' },
      start: ['a'],
    },
  ])('is $what', ({ definition, of, start }) => {
    expect(planned(definition, of)).toEqual({ ...nothing, start });
  });

  it('goes by keys, in whatever order the steps come', () => {
    expect(planned(line, { c: 'PENDING', a: 'COMPLETED', b: 'PENDING' }).start).toEqual(['b']);
  });
});

describe('plan: conditions', () => {
  const branching = workflow({
    check: {},
    yes: { needs: ['check'], if: 'steps.check.output.ok && input.go' },
    no: { needs: ['check'], if: '!steps.check.output.ok' },
    end: { needs: ['yes', 'no'] },
  });

  it('starts what holds and skips what does not, with the reason', () => {
    const pending = { yes: 'PENDING', no: 'PENDING', end: 'PENDING' } as const;
    expect(planned(branching, { check: { output: { ok: true } }, ...pending }, { go: true })).toEqual({
      start: ['yes'],
      skip: [{ key: 'no', because: 'condition is false: !steps.check.output.ok (steps.check.output.ok = true)' }],
      fail: [],
    });
  });

  it('lets what needs a skipped step run', () => {
    expect(
      planned(branching, { check: { output: { ok: true } }, yes: 'COMPLETED', no: 'SKIPPED', end: 'PENDING' }).start,
    ).toEqual(['end']);
  });

  it('skips on down a line of false conditions in one plan, and starts what comes then', () => {
    const line = workflow({
      a: { if: 'false' },
      b: { if: 'steps.a.status != "SKIPPED"' },
      c: { if: 'steps.b.output == null' },
    });
    expect(planned(line, {})).toEqual({
      start: ['c'],
      skip: [
        { key: 'a', because: 'condition is false: false' },
        { key: 'b', because: 'condition is false: steps.a.status != "SKIPPED" (steps.a.status = "SKIPPED")' },
      ],
      fail: [],
    });
  });

  it('completes the job when every step is skipped', () => {
    expect(planned(workflow({ a: { if: 'false' } }), {}).done).toEqual({ status: 'COMPLETED', output: null });
  });

  it('fails a step whose condition cannot be evaluated, skips what needs it, and fails the job', () => {
    const message = '${{ input.missing > 1 }} cannot be evaluated: No such key: missing.';
    expect(planned(workflow({ a: { if: 'input.missing > 1' }, b: {} }), {})).toEqual({
      start: [],
      skip: [{ key: 'b', because: 'needs a, which failed' }],
      fail: [{ key: 'a', message, category: 'CONFIGURATION' }],
      done: { status: 'FAILED', error: { message, category: 'CONFIGURATION', stepKey: 'a' } },
    });
  });

  it('fails a step whose condition is neither true nor false', () => {
    expect(planned(workflow({ a: { if: 'input.text' } }), {}, { text: 'yes' }).fail).toEqual([
      {
        key: 'a',
        message: '${{ input.text }} cannot be evaluated: a condition is true or false, and this is neither.',
        category: 'CONFIGURATION',
      },
    ]);
  });

  it.each<{ condition: string; values: string }>([
    { condition: 'input.n > 3', values: 'input.n = 2' },
    { condition: 'input.n > 3 && input.n < 9', values: 'input.n = 2' },
    { condition: 'has(input.m)', values: 'input.m is absent' },
    { condition: 'input["a b"] == "x"', values: 'input["a b"] = "y\\n"' },
    {
      condition: 'size(input.list) > 9 || input.map == input.none',
      values: 'input.list = a list of 3, input.map = an object with 1 field, input.none = []',
    },
    { condition: 'input.list.exists(x, x > input.n + 5)', values: 'input.list = a list of 3, input.n = 2' },
    { condition: 'input.long == ""', values: `input.long = "${'z'.repeat(59)}…"` },
    { condition: 'failed() || !succeeded()', values: 'failed() = false, succeeded() = true' },
  ])('says with which values $condition is false', ({ condition, values }) => {
    const input = { n: 2, 'a b': 'y\n', list: [1, 2, 3], map: { a: 1 }, none: [], long: 'z'.repeat(1_000) };
    const definition = workflow({ a: { if: condition } });
    expect(planned(definition, {}, input).skip).toEqual([
      { key: 'a', because: `condition is false: ${condition} (${values})` },
    ]);
  });

  it('tells of the first five values only', () => {
    const [skipped] = planned(
      workflow({
        a: {
          if: '[1, 2, 3, 4, 5, 6].exists(n, n > 9) && job.id + job.workflow + input.a + input.b + input.c + input.d == ""',
        },
      }),
      {},
      { a: '', b: '', c: '', d: '' },
    ).skip;
    expect(skipped?.because).toMatch(
      / \(job\.id = "j", job\.workflow = "a", input\.a = "", input\.b = "", input\.c = "", …\)$/,
    );
  });

  it('cuts a very long condition in the reason', () => {
    const long = `${'false || '.repeat(100)}false`;
    expect(planned(workflow({ a: { if: long } }), {}).skip[0]?.because).toHaveLength(
      'condition is false: '.length + 200,
    );
  });

  it('can look at outputs, errors, the input and the job', () => {
    const definition = workflow({
      a: { continueOnError: true },
      b: { if: 'steps.a.error.category == "PROCESS" && job.version == 1' },
    });
    expect(planned(definition, { a: 'FAILED', b: 'PENDING' }).start).toEqual(['b']);
  });
});

describe('plan: failures', () => {
  const line = workflow({ a: {}, b: {}, c: {} });

  it('skips everything behind a failed step, with the reason, and fails the job', () => {
    expect(planned(line, { a: 'FAILED', b: 'PENDING', c: 'PENDING' })).toEqual({
      start: [],
      skip: [
        { key: 'b', because: 'needs a, which failed' },
        { key: 'c', because: 'needs b, which was skipped after a failed' },
      ],
      fail: [],
      done: failedBy('a'),
    });
  });

  it('comes to the same end once the skips are stored', () => {
    expect(planned(line, { a: 'FAILED', b: 'SKIPPED', c: 'SKIPPED' })).toEqual({ ...nothing, done: failedBy('a') });
    expect(planned(line, { a: 'FAILED', b: 'SKIPPED', c: 'PENDING' }).skip).toEqual([
      { key: 'c', because: 'needs b, which was skipped after a failed' },
    ]);
  });

  it('lets succeeded() say that nothing it needs has failed, and rescue nothing by itself', () => {
    const definition = workflow({
      a: {},
      b: { if: 'succeeded()' },
      c: {},
      d: { needs: ['a'], if: 'always() && !succeeded()' },
    });
    const pending = { b: 'PENDING', c: 'PENDING', d: 'PENDING' } as const;
    expect(planned(definition, { a: 'COMPLETED', ...pending })).toEqual({
      ...nothing,
      start: ['b'],
      skip: [{ key: 'd', because: 'condition is false: always() && !succeeded() (succeeded() = true)' }],
    });
    expect(planned(definition, { a: 'FAILED', ...pending })).toEqual({
      ...nothing,
      start: ['d'],
      skip: [
        { key: 'b', because: 'needs a, which failed' },
        { key: 'c', because: 'needs b, which was skipped after a failed' },
      ],
    });
  });

  it('lets branches go on that do not need the failed step', () => {
    const branches = workflow({ a: {}, b: { needs: [] }, c: { needs: ['b'] }, d: { needs: ['a', 'c'] } });
    expect(planned(branches, { a: 'FAILED', b: 'COMPLETED', c: 'PENDING', d: 'PENDING' })).toEqual({
      ...nothing,
      start: ['c'],
    });
    expect(planned(branches, { a: 'FAILED', b: 'COMPLETED', c: 'RUNNING', d: 'PENDING' })).toEqual(nothing);
    expect(planned(branches, { a: 'FAILED', b: 'COMPLETED', c: 'COMPLETED', d: 'PENDING' })).toEqual({
      start: [],
      skip: [{ key: 'd', because: 'needs a, which failed' }],
      fail: [],
      done: failedBy('a'),
    });
  });

  it('blames the first failed step of the definition', () => {
    const both = workflow({ a: { needs: ['c'] }, b: { needs: [] }, c: { needs: [] } });
    expect(planned(both, { a: 'SKIPPED', b: 'FAILED', c: 'FAILED' }).done).toEqual(failedBy('b'));
  });

  it('goes on behind a failed step with continueOnError, and completes', () => {
    const tolerant = workflow({ a: { continueOnError: true }, b: { if: '!failed()' } });
    expect(planned(tolerant, { a: 'FAILED', b: 'PENDING' })).toEqual({ ...nothing, start: ['b'] });
    expect(planned(tolerant, { a: 'FAILED', b: { output: 1 } }).done).toEqual({ status: 'COMPLETED', output: 1 });
  });

  it.each(['failed()', 'always()', 'input.x == 1 || failed()', '[1].exists(n, always())'])(
    'runs a step with the condition %s although a need failed, and the job still fails',
    (condition) => {
      const handled = workflow({ a: {}, cleanup: { if: condition }, after: {} });
      expect(planned(handled, { a: 'FAILED', cleanup: 'PENDING', after: 'PENDING' }, { x: 1 })).toEqual({
        ...nothing,
        start: ['cleanup'],
      });
      expect(planned(handled, { a: 'FAILED', cleanup: 'COMPLETED', after: 'PENDING' }).start).toEqual(['after']);
      expect(planned(handled, { a: 'FAILED', cleanup: 'COMPLETED', after: 'COMPLETED' }).done).toEqual(failedBy('a'));
    },
  );

  it('lets failed() see a failure further up', () => {
    const far = workflow({ a: {}, b: {}, c: { if: 'failed()' } });
    expect(planned(far, { a: 'FAILED', b: 'PENDING', c: 'PENDING' })).toEqual({
      start: ['c'],
      skip: [{ key: 'b', because: 'needs a, which failed' }],
      fail: [],
    });
  });

  it('skips a step that asks for a failure when there is none', () => {
    const definition = workflow({ a: {}, b: { if: 'failed()' }, c: {} });
    expect(planned(definition, { a: 'COMPLETED', b: 'PENDING', c: 'PENDING' })).toEqual({
      start: ['c'],
      skip: [{ key: 'b', because: 'condition is false: failed()' }],
      fail: [],
    });
    expect(planned(definition, { a: 'COMPLETED', b: 'SKIPPED', c: 'COMPLETED' }).done?.status).toBe('COMPLETED');
  });

  it('does not take a step for broken that was skipped by its own condition beside a failure', () => {
    const definition = workflow({ a: {}, b: { if: 'failed() && input.clean' }, c: {} });
    expect(planned(definition, { a: 'FAILED', b: 'PENDING', c: 'PENDING' }, { clean: false })).toEqual({
      start: ['c'],
      skip: [
        { key: 'b', because: 'condition is false: failed() && input.clean (input.clean = false, failed() = true)' },
      ],
      fail: [],
    });
  });

  it('treats a cancelled step as a failed one', () => {
    expect(planned(line, { a: 'CANCELLED', b: 'PENDING', c: 'PENDING' })).toEqual({
      start: [],
      skip: [
        { key: 'b', because: 'needs a, which was cancelled' },
        { key: 'c', because: 'needs b, which was skipped after a was cancelled' },
      ],
      fail: [],
      done: { status: 'FAILED', error: { message: 'The step a was cancelled.', category: 'CANCELLED', stepKey: 'a' } },
    });
  });

  it('says so when a failed step left no reason', () => {
    const steps: PlannedStep[] = [{ key: 'a', status: 'FAILED', output: null, error: null }];
    expect(plan(workflow({ a: {} }), { input: {}, job }, steps).done).toEqual({
      status: 'FAILED',
      error: { message: 'The step a failed and gave no reason.', category: 'INTERNAL', stepKey: 'a' },
    });
  });

  it('waits for what still runs before the job fails', () => {
    const branches = workflow({ a: {}, b: { needs: [] } });
    expect(planned(branches, { a: 'FAILED', b: 'RUNNING' })).toEqual(nothing);
    expect(planned(branches, { a: 'FAILED', b: 'WAITING' })).toEqual(nothing);
    expect(planned(branches, { a: 'FAILED', b: 'COMPLETED' }).done).toEqual(failedBy('a'));
  });

  it('does not leave a job open whose steps wait for each other', () => {
    const circle = workflow({ a: { needs: ['b'] }, b: { needs: ['a'] } });
    expect(planned(circle, {}).done).toEqual({
      status: 'FAILED',
      error: {
        message: 'The steps that are left wait for each other in a circle.',
        category: 'CONFIGURATION',
        stepKey: null,
      },
    });
  });
});
