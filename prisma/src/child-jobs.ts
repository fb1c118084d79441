/**
 * Jobs within jobs. A child is made in the transaction in which the step of its parent becomes WAITING, and it lives only as long
 * as that step waits for it.
 */
import type { JsonObject } from '@signalbox/core/json';
import { MOST_NESTED } from '@signalbox/core/nesting';
import { FINAL_JOB_STATUSES, type JobPriority } from '@signalbox/core/statuses';
import type { PoolClient } from 'pg';
import { requestCancel } from './cancel.ts';
import type { Database } from './client.ts';
import { ConflictError, NotFoundError } from './failures.ts';
import type { HeldJob } from './held-job.ts';
import { insertJob } from './jobs.ts';
import { inTransaction } from './transaction.ts';
import { insertWait, type WaitingAttempt } from './waits.ts';
import type { WorkflowVersionRow } from './workflows.ts';

export interface NewChild {
  workflow: WorkflowVersionRow;
  /** Checked against the workflow's schema, defaults applied. */
  input: JsonObject;
}

interface Parent {
  tenantId: string;
  priority: JobPriority;
  subject: string | null;
  labels: string[];
  depth: number;
}

/**
 * Queues a job that the step of a held job waits for; it has the parent's priority, subject and labels. Asked again for the same
 * attempt it gives the same job. Undefined when the lease was lost. Throws ConflictError (nested too deeply, or refused by the
 * concurrency key of its workflow) and InvalidInputError.
 */
export async function startChildJob(
  db: Database,
  lease: HeldJob,
  wait: WaitingAttempt,
  child: NewChild,
): Promise<string | undefined> {
  return inTransaction(db.pool, async (client) => {
    const parent = await lockParent(client, lease);
    if (!parent) return undefined;
    const existing = await findChild(client, wait);
    if (existing !== undefined) return existing;
    const outer = await readOuterJobs(client, lease.jobId);
    refuseTooDeep([child.workflow.slug, ...outer.map(({ slug }) => slug)]);
    const { depth, ...same } = parent;
    const { id } = await insertJob(client, { ...child, ...same, within: outer.map((job) => job.id) });
    await client.query('UPDATE job SET parent_id = $2, parent_step_id = $3, depth = $4 WHERE id = $1', [
      id,
      lease.jobId,
      wait.stepId,
      depth + 1,
    ]);
    if (!(await insertWait(client, lease, wait, id))) throw new Error(`the job ${lease.jobId} was lost while locked`);
    return id;
  });
}

async function lockParent(client: PoolClient, { epoch, jobId }: HeldJob): Promise<Parent | undefined> {
  const { rows } = await client.query<Parent>(
    `SELECT tenant_id AS "tenantId", priority, subject, labels, depth FROM job
     WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' FOR NO KEY UPDATE`,
    [jobId, epoch],
  );
  return rows[0];
}

async function findChild(client: PoolClient, { attempt, stepId }: WaitingAttempt): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT w.child_job_id AS id FROM step_wait w JOIN job_step s ON s.id = w.step_id AND s.status = 'WAITING'
     WHERE w.step_id = $1 AND w.attempt = $2 AND w.child_job_id IS NOT NULL`,
    [stepId, attempt],
  );
  return rows[0]?.id;
}

/** The job itself, the one that it is part of, and so on. */
async function readOuterJobs(client: PoolClient, jobId: string): Promise<{ id: string; slug: string }[]> {
  const { rows } = await client.query<{ id: string; slug: string }>(
    `WITH RECURSIVE outer_job AS (
       SELECT id, parent_id, workflow_slug AS slug, 0 AS height FROM job WHERE id = $1
       UNION ALL
       SELECT job.id, job.parent_id, job.workflow_slug, height + 1 FROM job JOIN outer_job ON job.id = outer_job.parent_id
     )
     SELECT id, slug FROM outer_job ORDER BY height`,
    [jobId],
  );
  return rows;
}

/** @param slugs of the new job and of those around it, from the inside out */
function refuseTooDeep(slugs: readonly string[]): void {
  if (slugs.length <= MOST_NESTED + 1) return;
  const path = slugs.toReversed().join(' → ');
  throw new ConflictError(
    `Jobs may be nested ${MOST_NESTED} deep, and this one would be deeper: ${path}. A workflow that runs itself needs a condition that ends it.`,
  );
}

/**
 * Asks a job to cancel, and with it the jobs that its steps wait for, and theirs. Returns all that were asked, the job itself
 * first. Throws NotFoundError and ConflictError for that one.
 */
export async function cancelWithChildren(
  db: Database,
  tenantId: string,
  id: string,
  force: boolean,
): Promise<string[]> {
  await requestCancel(db, tenantId, id, force);
  return [id, ...(await cancelChildren(db, tenantId, { jobId: id }, force))];
}

/** Asks the jobs to cancel that the steps of a job wait for, or the one that its step waits for, and theirs. Returns them all. */
export async function cancelChildren(
  db: Database,
  tenantId: string,
  { jobId, stepId }: { jobId: string; stepId?: string },
  force: boolean,
): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'live-children',
    text: `SELECT child.id FROM job child
           WHERE child.parent_id = $1 AND ($2::uuid IS NULL OR child.parent_step_id = $2)
             AND child.status <> ALL($3::job_status[]) AND (child.cancel_requested_at IS NULL OR ($4 AND NOT child.cancel_forced))
             -- One that was retried by itself is not waited for any more.
             AND EXISTS (SELECT FROM step_wait w WHERE w.child_job_id = child.id)
           ORDER BY child.id`,
    values: [jobId, stepId ?? null, FINAL_JOB_STATUSES, force],
  });
  const cancelled: string[] = [];
  for (const child of rows) cancelled.push(...(await cancelIfAlive(db, tenantId, child.id, force)));
  return cancelled;
}

/** The same for a job that may have ended meanwhile. */
export async function cancelIfAlive(db: Database, tenantId: string, id: string, force: boolean): Promise<string[]> {
  try {
    return await cancelWithChildren(db, tenantId, id, force);
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof ConflictError || error instanceof NotFoundError) return [];
    throw error;
  }
}

/** Cancels children that nobody waits for any more, at most `limit`: whoever had to died before. Returns all that were asked. */
export async function cancelAbandonedChildren(db: Database, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string; tenantId: string; force: boolean }>({
    name: 'abandoned-children',
    text: `SELECT child.id, child.tenant_id AS "tenantId", parent.cancel_forced AS force
           FROM job child JOIN step_wait w ON w.child_job_id = child.id JOIN job_step s ON s.id = w.step_id
             JOIN job parent ON parent.id = w.job_id
           WHERE child.parent_step_id IS NOT NULL AND child.status IN ('QUEUED', 'RUNNING', 'WAITING', 'PAUSED')
             AND child.cancel_requested_at IS NULL AND (s.status <> 'WAITING' OR parent.cancel_requested_at IS NOT NULL)
           LIMIT $1`,
    values: [limit],
  });
  const cancelled: string[] = [];
  for (const { force, id, tenantId } of rows) cancelled.push(...(await cancelIfAlive(db, tenantId, id, force)));
  return cancelled;
}
