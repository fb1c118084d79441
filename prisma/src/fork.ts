/** A new job that takes over what ran before a chosen step. */

import { reusableSteps } from '@signalbox/core/fork';
import type { Issue } from '@signalbox/core/issues';
import type { JsonObject } from '@signalbox/core/json';
import { didYouMean } from '@signalbox/core/names';
import type { StepStatus } from '@signalbox/core/statuses';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import { InvalidInputError } from './failures.ts';
import { insertJob, type RerunInput, readOriginal } from './jobs.ts';
import { storableJson } from './storable.ts';
import { inTransaction } from './transaction.ts';
import type { WorkflowVersionRow } from './workflows.ts';

export interface Fork {
  /** The first step that runs again. */
  fromStep: string;
  /** Other outputs for steps that are taken over, by their keys. */
  outputs?: JsonObject;
  /** Another input than the original's. */
  checkInput?: RerunInput;
}

/**
 * Queues a job of the same version in which the steps that completed before `fromStep` are COMPLETED already and marked as
 * reused; they never run. The original stays as it is. Returns the new job's id. Throws NotFoundError, ConflictError when the
 * original is not final, InvalidInputError.
 */
export async function forkJob(db: Database, tenantId: string, id: string, fork: Fork): Promise<string> {
  return inTransaction(db.pool, async (client) => {
    const { input, labels, priority, subject, workflow } = await readOriginal(client, tenantId, id, 'FORK');
    const { rows } = await client.query<{ key: string; status: StepStatus }>(
      'SELECT key, status FROM job_step WHERE job_id = $1',
      [id],
    );
    const statuses = new Map(rows.map(({ key, status }) => [key, status]));
    const outputs = fork.outputs ?? {};
    const reused = reusableSteps(workflow.definition, statuses, fork.fromStep);
    refuseMistakes(workflow, fork.fromStep, outputs, reused);
    const created = await insertJob(client, {
      tenantId,
      workflow,
      priority,
      subject,
      labels,
      forkedFromId: id,
      input: fork.checkInput ? fork.checkInput(workflow) : input,
    });
    await takeOver(client, id, created.id, reused, outputs);
    return created.id;
  });
}

function refuseMistakes(
  { definition }: WorkflowVersionRow,
  fromStep: string,
  outputs: JsonObject,
  reused: ReadonlySet<string>,
): void {
  const keys = definition.steps.map(({ key }) => key);
  const unknown = (key: string) => `The workflow has no step "${key.slice(0, 100)}".${didYouMean(key, keys)}`;
  const issues: Issue[] = keys.includes(fromStep) ? [] : [{ path: '/fromStep', message: unknown(fromStep) }];
  for (const key of issues.length === 0 ? Object.keys(outputs) : []) {
    if (reused.has(key)) continue;
    const path = `/outputs/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const runs = `The step "${key}" runs in the fork, so it makes its own output. Only steps that completed before "${fromStep}" can be given another one.`;
    issues.push({ path, message: keys.includes(key) ? runs : unknown(key) });
  }
  const [first] = issues;
  if (first)
    throw new InvalidInputError(
      `The job cannot be forked like this: ${first.path}: ${first.message}`,
      issues.slice(0, 100),
    );
}

async function takeOver(
  client: PoolClient,
  originalId: string,
  forkId: string,
  reused: ReadonlySet<string>,
  outputs: JsonObject,
): Promise<void> {
  await client.query(
    `WITH taken AS (
       UPDATE job_step SET status = 'COMPLETED', reused = true, completed_at = now(), input = original.input, uses = original.uses,
         output = CASE WHEN $4::jsonb ? original.key THEN nullif($4::jsonb->original.key, 'null'::jsonb) ELSE original.output END
       FROM job_step original
       WHERE original.job_id = $1 AND job_step.job_id = $2 AND job_step.key = original.key AND original.key = ANY($3::text[])
       RETURNING job_step.id
     )
     UPDATE job SET completed_steps = (SELECT count(*) FROM taken) WHERE id = $2`,
    [originalId, forkId, [...reused], storableJson(outputs)],
  );
}
