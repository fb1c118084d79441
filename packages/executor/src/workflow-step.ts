import type { JsonObject } from '@signalbox/core/json';
import { SLUG_MAX_LENGTH, SLUG_PATTERN } from '@signalbox/core/names';
import { WORKFLOW_STEP_TYPE } from '@signalbox/core/nesting';
import type { EndedChild } from '@signalbox/db/waits';
import { defineStepType } from '@signalbox/plugin-sdk';
import type { AttemptEnd } from './attempt-end.ts';
import type { StepTypes } from './runnable-step-type.ts';
import type { SecretMask } from './secret-mask.ts';
import { LONGEST_MESSAGE } from './step-failure.ts';
import type { ChildRequest } from './wait-request.ts';

type WorkflowConfig = { workflow: string; version?: number; input?: JsonObject };

/** Runs another workflow. It is the executor's own, since plugins make no jobs: what it would run is `childRequest`. */
export const workflowStep = defineStepType<WorkflowConfig, unknown>({
  type: WORKFLOW_STEP_TYPE,
  title: 'Workflow',
  description:
    'Runs another workflow as a job of its own, waits for its end without holding a worker, and hands on its output.',
  icon: 'sitemap',
  config: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    required: ['workflow'],
    properties: {
      workflow: {
        type: 'string',
        maxLength: SLUG_MAX_LENGTH,
        pattern: SLUG_PATTERN.source,
        title: 'Workflow',
        description: 'The slug of the workflow to run.',
      },
      input: {
        type: 'object',
        default: {},
        title: 'Input',
        description: 'What it is given: as its input schema says.',
      },
      version: {
        type: 'integer',
        minimum: 1,
        title: 'Version',
        description: 'The version to run; the current one when absent.',
      },
    },
  },
  // Made once for each attempt, whatever becomes of its worker.
  repeatable: true,
  uses: ({ workflow }) => workflow,
  run: async () => Promise.reject(new Error('the executor makes the job itself')),
});

export const WORKFLOW_STEP: StepTypes = new Map([
  [workflowStep.type, { stepType: workflowStep, plugin: '@signalbox/executor', pluginVersion: '0.1.0' }],
]);

/** @param config of a step of this type, checked. Secrets do not go along: what a job is given is stored. */
export function childRequest(config: JsonObject, mask: SecretMask): ChildRequest {
  const { input, version, workflow } = config as WorkflowConfig;
  return { workflow, version, input: mask.json(input ?? {}) as JsonObject };
}

/** What the end of the other job is for the step that waited for it. */
export function endOfChild({
  error,
  id,
  output,
  status,
  workflow,
}: EndedChild): AttemptEnd & { status: 'COMPLETED' | 'FAILED' } {
  if (status === 'COMPLETED') return { status: 'COMPLETED', output };
  const job = `The job ${id} of the workflow "${workflow}"`;
  if (status === 'CANCELLED')
    return { status: 'FAILED', failure: { message: `${job} was cancelled.`, category: 'CANCELLED' } };
  const where = error?.stepKey ? ` in its step "${error.stepKey}"` : '';
  const message = `${job} failed${where}: ${error?.message ?? 'it gave no reason.'}`.slice(0, LONGEST_MESSAGE);
  return { status: 'FAILED', failure: { message, category: error?.category ?? 'INTERNAL' } };
}
