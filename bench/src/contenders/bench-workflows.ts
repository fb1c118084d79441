import type { StepDefinition, WorkflowDefinition } from '@signalbox/core/definition';
import type { Json } from '@signalbox/core/json';
import type { Database } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { findWorkflow, saveWorkflow, type WorkflowVersionRow } from '@signalbox/db/workflows';
import { STEPS_PER_JOB } from './contender.ts';

type StepPlan = { type: string; with?: Record<string, Json> };

/** Five steps, one after the other, that do nothing. */
export const NOTHING = Array.from({ length: STEPS_PER_JOB }, (): StepPlan => ({ type: 'bench.noop' }));
/** The same, but the first says when its code ran. */
export const CLOCKED: StepPlan[] = [{ type: 'bench.clock' }, ...NOTHING.slice(1)];

/** One program that prints so many lines. */
export function talkative(lines: number): StepPlan[] {
  const args = ['-f', 'line %.0f of a program that says a lot', String(lines)];
  return [{ type: 'command', with: { program: 'seq', args } }];
}

/** Stores a workflow of such steps, each after the one before it. */
export async function saveSteps(db: Database, slug: string, plans: readonly StepPlan[]): Promise<WorkflowVersionRow> {
  const steps = plans.map((plan, index): StepDefinition => {
    const key = `step-${index}`;
    return { key, name: key, type: plan.type, needs: index === 0 ? [] : [`step-${index - 1}`], with: plan.with ?? {} };
  });
  const definition: WorkflowDefinition = { slug, name: slug, input: { type: 'object' }, steps };
  await saveWorkflow(db, DEFAULT_TENANT_ID, definition, JSON.stringify(definition));
  const saved = await findWorkflow(db, DEFAULT_TENANT_ID, slug);
  if (!saved) throw new Error(`The workflow ${slug} was not saved.`);
  return saved;
}
