/**
 * The queue library keeps wake-up calls; our rows are the truth. One queue task per job, keyed by the job's id, so adding
 * it again replaces the one that waits. All SQL here is a fragment, made to stand inside the statement that queues the job.
 *
 * The library takes tasks by a number and then by a time. CRITICAL ones have a number that always comes first. All others
 * share one, and their time is when the job was queued, set back by a head start: a HIGH job goes ahead of a LOW one that was
 * queued less than ten minutes before it, and of no older one. So nothing that keeps coming can hold up a LOW job for longer.
 */
import type { JobPriority } from '@signalbox/core/statuses';
import type { Database } from './client.ts';

/** How much earlier than they really were jobs count as queued. */
export const HEAD_START_MINUTES = { LOW: 0, MEDIUM: 5, HIGH: 10 } as const satisfies Record<
  Exclude<JobPriority, 'CRITICAL'>,
  number
>;

/** Numbers of the queue library: the lower one first. */
const CRITICAL_NUMBER = -20;
const ORDINARY_NUMBER = 0;

/** The task identifier that executors of a named queue listen for. */
export function taskIdentifier(queue: string): string {
  return `run-job/${queue}`;
}

/** SQL of the number of a job row's task. */
export function taskNumber(job: string): string {
  return `CASE ${job}.priority WHEN 'CRITICAL' THEN ${CRITICAL_NUMBER} ELSE ${ORDINARY_NUMBER} END`;
}

/** SQL of the time of a job row's task. @param queuedAt SQL of when it was queued */
export function taskTime(job: string, queuedAt = `${job}.queued_at`): string {
  return `${queuedAt} - ${headStart(`${job}.priority`)}`;
}

/**
 * SQL of the time until which jobs of one priority must have been queued to come before a job row that is queued.
 * @param other SQL of that priority
 */
export function comesBefore(other: string, job: string): string {
  return `CASE WHEN ${other} = ${job}.priority THEN ${job}.queued_at WHEN ${other} = 'CRITICAL' THEN 'infinity'
    WHEN ${job}.priority = 'CRITICAL' THEN '-infinity' ELSE ${job}.queued_at + ${headStart(other)} - ${headStart(`${job}.priority`)} END`;
}

function headStart(priority: string): string {
  const minutes = Object.entries(HEAD_START_MINUTES).map(([name, start]) => `WHEN '${name}' THEN ${start}`);
  return `make_interval(mins => CASE ${priority} ${minutes.join(' ')} ELSE 0 END)`;
}

/**
 * SQL of a call that adds the queue task of a job row, `job` being the row's name in the statement around it; replaces the one
 * that waits, and wakes the workers. A task that a worker is just taking stays beside the new one: the claim decides.
 * @param queuedAt SQL of when the job was queued: now, unless told
 */
export function addTask(job: string, queuedAt = 'now()'): string {
  return `graphile_worker.add_job('run-job/' || ${job}.queue, json_build_object('jobId', ${job}.id), job_key := 'job:' || ${job}.id,
    priority := ${taskNumber(job)}, run_at := ${taskTime(job, queuedAt)}, max_attempts := 25)`;
}

/** SQL of a call that removes the queue task of a job row. */
export function removeTask(job: string): string {
  return `graphile_worker.remove_job('job:' || ${job}.id)`;
}

/**
 * SQL of whether a job row has no place by its concurrency key: it waits for the end of another job and not for its turn.
 * Jobs without a key have none to wait for.
 */
export function waitsForKey(job: string): string {
  return `(${job}.concurrency_key IS NOT NULL AND ${job}.concurrency_limit <= (
    SELECT count(*) FROM job holder WHERE holder.tenant_id = ${job}.tenant_id
      AND holder.concurrency_key = ${job}.concurrency_key AND holder.status = 'RUNNING'))`;
}

/** The CRITICAL job that is the next of these queues; undefined when there is none that may run. */
export async function nextCriticalJob(db: Database, queues: readonly string[]): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'next-critical-job',
    text: `SELECT id FROM job WHERE status = 'QUEUED' AND priority = 'CRITICAL' AND queue = ANY($1) AND NOT ${waitsForKey('job')}
           ORDER BY queued_at, id LIMIT 1`,
    values: [queues],
  });
  return rows[0]?.id;
}
