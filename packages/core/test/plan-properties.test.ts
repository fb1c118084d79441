import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepDefinition, WorkflowDefinition } from '../src/definition.ts';
import { plan } from '../src/plan.ts';
import type { Plan, PlannedStep } from '../src/planned.ts';
import { isFinalStepStatus } from '../src/statuses.ts';

const job = { id: 'j', workflow: 'w', version: 1, subject: null, labels: [] };
const context = { input: { go: true }, job };

const conditions = [undefined, 'true', 'false', 'input.go', 'failed()', 'always()', '!failed()', 'input.missing'];

/** Steps that need only steps of lower rank, in an order that has nothing to do with the ranks. */
const workflows: fc.Arbitrary<WorkflowDefinition> = fc
  .array(
    fc.record({
      needs: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 }),
      condition: fc.constantFrom(...conditions),
      continueOnError: fc.boolean(),
      place: fc.nat(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drafts) => {
    const steps = drafts.map(
      ({ needs, condition, continueOnError }, rank): StepDefinition => ({
        key: `s${rank}`,
        name: `s${rank}`,
        type: 't',
        needs: needs.filter((need) => need < rank).map((need) => `s${need}`),
        with: {},
        ...(condition !== undefined && { if: condition }),
        continueOnError,
      }),
    );
    const shuffled = steps.toSorted((one, other) => placeOf(one) - placeOf(other));
    function placeOf({ key }: StepDefinition): number {
      return drafts[Number(key.slice(1))]?.place ?? 0;
    }
    return { slug: 'w', name: 'w', input: { type: 'object' }, steps: shuffled };
  });

/** How each started step ends, and which of the running ones ends next. */
const fates = fc.array(
  fc.record({ ends: fc.constantFrom('COMPLETED', 'FAILED', 'CANCELLED'), which: fc.nat() } as const),
  {
    minLength: 12,
    maxLength: 12,
  },
);

interface Run {
  steps: Map<string, PlannedStep>;
  done: Plan['done'];
  rounds: number;
}

/** An executor in small: applies each plan, and lets one running step end at a time. */
function run(
  definition: WorkflowDefinition,
  ends: readonly { ends: 'COMPLETED' | 'FAILED' | 'CANCELLED'; which: number }[],
): Run {
  const steps = new Map<string, PlannedStep>(
    definition.steps.map(({ key }) => [key, { key, status: 'PENDING', output: null, error: null }]),
  );
  const set = (key: string, status: PlannedStep['status'], error: PlannedStep['error'] = null): void => {
    steps.set(key, { key, status, output: null, error });
  };
  for (let rounds = 1; ; rounds += 1) {
    const { start, skip, fail, done } = plan(definition, context, [...steps.values()]);
    for (const key of [...start, ...skip.map((one) => one.key), ...fail.map((one) => one.key)]) {
      expect(steps.get(key)?.status, 'only pending steps are decided on').toBe('PENDING');
    }
    for (const { key } of skip) set(key, 'SKIPPED');
    for (const { key, message, category } of fail) set(key, 'FAILED', { message, category });
    for (const key of start) {
      for (const need of definition.steps.find((step) => step.key === key)?.needs ?? []) {
        expect(
          isFinalStepStatus(steps.get(need)?.status ?? 'PENDING'),
          `${key} starts before ${need} has settled`,
        ).toBe(true);
      }
      set(key, 'RUNNING');
    }
    const running = [...steps.values()].filter(({ status }) => status === 'RUNNING');
    expect(running.length > 0, 'a job is done exactly when nothing runs').toBe(done === undefined);
    if (done) return { steps, done, rounds };
    const fate = ends[rounds % ends.length];
    const ending = running[(fate?.which ?? 0) % running.length];
    if (ending && fate) set(ending.key, fate.ends, { message: `${ending.key} broke`, category: 'PROCESS' });
  }
}

describe('plan, whatever the workflow and however its steps end', () => {
  it('never starts a step before its needs have settled, and always comes to an end', () => {
    fc.assert(
      fc.property(workflows, fates, (definition, ends) => {
        const { steps, rounds } = run(definition, ends);
        expect([...steps.values()].every(({ status }) => isFinalStepStatus(status))).toBe(true);
        expect(rounds).toBeLessThanOrEqual(definition.steps.length + 1);
      }),
    );
  });

  it('fails the job exactly when a step failed that may not', () => {
    fc.assert(
      fc.property(workflows, fates, (definition, ends) => {
        const { steps, done } = run(definition, ends);
        const broken = definition.steps.filter(({ key, continueOnError }) => {
          const status = steps.get(key)?.status;
          return !continueOnError && (status === 'FAILED' || status === 'CANCELLED');
        });
        const blamed = done?.status === 'FAILED' ? done.error.stepKey : undefined;
        expect(done?.status).toBe(broken.length > 0 ? 'FAILED' : 'COMPLETED');
        expect(blamed).toBe(broken[0]?.key);
      }),
    );
  });

  it('has nothing to add once its skips and failures are stored', () => {
    fc.assert(
      fc.property(workflows, fates, (definition, ends) => {
        const { steps, done } = run(definition, ends);
        expect(plan(definition, context, [...steps.values()])).toEqual({ start: [], skip: [], fail: [], done });
      }),
    );
  });

  it('gives the same plan for the same steps, and changes neither the definition nor the steps', () => {
    fc.assert(
      fc.property(workflows, (definition) => {
        const steps: PlannedStep[] = definition.steps.map(({ key }) => ({
          key,
          status: 'PENDING',
          output: null,
          error: null,
        }));
        const before = JSON.stringify([definition, steps]);
        const first = plan(definition, context, steps);
        expect(plan(definition, context, steps.toReversed())).toEqual(first);
        expect(JSON.stringify([definition, steps])).toBe(before);
      }),
    );
  });
});
