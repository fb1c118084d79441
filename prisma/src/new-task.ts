/**
 * The queue task of a job that was made just now. The library's own function serves every case, at the price of five
 * statements and a NOTIFY, which makes all transactions that have one commit after each other. Here nobody can know of the job
 * yet: one row is all it takes, and whoever made the job calls the workers once that is committed (queue-call.ts).
 */
import { addTask, taskNumber, taskTime } from './queue.ts';

/** SQL of a CTE that adds the task of the row `job` when it is QUEUED, unless the library has never heard of its queue. */
export function silentTask(job: string): string {
  return `silent_task AS (
    INSERT INTO graphile_worker._private_jobs (task_id, payload, key, priority, run_at, max_attempts)
    SELECT known.id, json_build_object('jobId', ${job}.id), 'job:' || ${job}.id, ${taskNumber(job)},
      ${taskTime(job, 'now()')}, 25
    FROM ${job} JOIN graphile_worker._private_tasks known ON known.identifier = 'run-job/' || ${job}.queue
    WHERE ${job}.status = 'QUEUED'
    RETURNING id
  )`;
}

/** SQL of the task's id; behind that CTE. */
export function taskAdded(job: string): string {
  return `CASE WHEN ${job}.status = 'QUEUED' THEN coalesce((SELECT id FROM silent_task), (${addTask(job)}).id) END`;
}
