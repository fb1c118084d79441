import type { StepDefinition, WorkflowDefinition } from '../src/definition.ts';
import type { Json, JsonObject } from '../src/json.ts';
import { plan } from '../src/plan.ts';
import type { Plan, PlannedStep } from '../src/planned.ts';
import type { StepStatus } from '../src/statuses.ts';

export type Step = Partial<Omit<StepDefinition, 'key'>>;

export function workflow(steps: Record<string, Step>, output?: Json): WorkflowDefinition {
  const keys = Object.keys(steps);
  return {
    slug: 'a',
    name: 'a',
    input: { type: 'object' },
    steps: keys.map((key, index) => {
      const above = keys[index - 1];
      return { key, name: key, type: 't', needs: above === undefined ? [] : [above], with: {}, ...steps[key] };
    }),
    ...(output !== undefined && { output }),
  };
}

export type State = StepStatus | { output: Json };

export function states(of: Record<string, State>): PlannedStep[] {
  return Object.entries(of).map(([key, state]) => {
    if (typeof state === 'object') return { key, status: 'COMPLETED', output: state.output, error: null };
    const error = state === 'FAILED' ? { message: `${key} broke`, category: 'PROCESS' as const } : null;
    return { key, status: state, output: null, error };
  });
}

export const job = { id: 'j', workflow: 'a', version: 1, subject: null, labels: [] };

export function planned(definition: WorkflowDefinition, of: Record<string, State>, input: JsonObject = {}): Plan {
  return plan(definition, { input, job }, states(of));
}

export const nothing = { start: [], skip: [], fail: [] };
export const failedBy = (stepKey: string): Plan['done'] => ({
  status: 'FAILED',
  error: { message: `${stepKey} broke`, category: 'PROCESS', stepKey },
});
