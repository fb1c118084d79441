import { describe, expect, it } from 'vitest';
import { plan } from '../src/plan.ts';
import { failedBy, job, planned, states, workflow } from './planned.ts';

describe('plan: the output of the job', () => {
  it('is that of the last step of the definition', () => {
    expect(planned(workflow({ a: {}, b: {} }), { a: { output: 1 }, b: { output: { x: [2] } } }).done).toEqual({
      status: 'COMPLETED',
      output: { x: [2] },
    });
  });

  it('is null when the last step was skipped, or failed and was let pass', () => {
    expect(planned(workflow({ a: {}, b: { if: 'false' } }), { a: { output: 1 }, b: 'SKIPPED' }).done).toEqual({
      status: 'COMPLETED',
      output: null,
    });
    expect(planned(workflow({ a: { continueOnError: true } }), { a: 'FAILED' }).done).toEqual({
      status: 'COMPLETED',
      output: null,
    });
  });

  it('is what the template makes of everything', () => {
    const definition = workflow(
      { a: {}, b: {} },
      { both: ['${{ steps.a.output }}', 'b: ${{ steps.b.output.n }}'], by: '${{ job.workflow }}' },
    );
    expect(planned(definition, { a: { output: 1 }, b: { output: { n: 2 } } }).done).toEqual({
      status: 'COMPLETED',
      output: { both: [1, 'b: 2'], by: 'a' },
    });
  });

  it('fails the job clearly when the template cannot be evaluated', () => {
    const definition = workflow({ a: { if: 'false' } }, '${{ steps.a.output.text }}');
    expect(planned(definition, {}).done).toEqual({
      status: 'FAILED',
      error: {
        message:
          'The output of the workflow cannot be made. ${{ steps.a.output.text }} cannot be evaluated: No such key: text. The step a was skipped, so its output is null.',
        category: 'CONFIGURATION',
        stepKey: null,
      },
    });
  });
});

describe('plan: many steps', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `s${index}`);

  it('plans 10,000 steps in a line many times over', () => {
    const definition = workflow(Object.fromEntries(keys.map((key) => [key, {}])));
    const steps = states(Object.fromEntries(keys.map((key) => [key, 'PENDING' as const])));
    for (const index of keys.slice(0, 200).keys()) {
      expect(plan(definition, { input: {}, job }, steps).start).toEqual([keys[index]]);
      steps[index] = { key: `s${index}`, status: 'COMPLETED', output: null, error: null };
    }
  });

  it('skips 9,999 steps behind a failed one in one plan', () => {
    const definition = workflow(Object.fromEntries(keys.map((key) => [key, {}])));
    const of = Object.fromEntries(keys.map((key, index) => [key, index === 0 ? 'FAILED' : 'PENDING'] as const));
    const { skip, done } = planned(definition, of);
    expect(skip).toHaveLength(9_999);
    expect(done).toEqual(failedBy('s0'));
  });

  it('starts 10,000 steps with conditions at once', () => {
    const definition = workflow(
      Object.fromEntries(keys.map((key, index) => [key, { needs: [], if: `input.n + ${index} >= 0` }])),
    );
    expect(planned(definition, {}, { n: 1 }).start).toEqual(keys);
  });
});
