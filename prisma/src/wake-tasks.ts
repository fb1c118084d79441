/** Wake-up calls for jobs that wait, as SQL that stands inside the statement that begins or ends a wait. */

/** The task identifier that every executor listens for, whatever its queues are: waking a job only queues it. */
export const WAKE_TASK = 'wake-job';

/** Before all jobs: it takes a moment only. */
const FIRST = -100;

/** SQL of a call that adds the wake-up call of a job row, which replaces an earlier one. @param at SQL of the moment */
export function addWakeTask(job: string, at: string): string {
  return `graphile_worker.add_job('${WAKE_TASK}', json_build_object('jobId', ${job}.id), job_key := 'wake:' || ${job}.id,
    run_at := ${at}, priority := ${FIRST}, max_attempts := 25)`;
}

/** SQL of a call that removes it. */
export function removeWakeTask(job: string): string {
  return `graphile_worker.remove_job('wake:' || ${job}.id)`;
}

/**
 * SQL of further parts of a WITH: whoever waits for the end of jobs that have just got there is called. The call has no key, so
 * that the job's own wake-up call, for a later moment, does not replace it.
 * @param jobs the name of a part that holds the ended jobs
 * @param ended SQL over them: which of them have ended
 */
export function callParents(jobs: string, ended = 'true'): string {
  return `parents_called AS (
    UPDATE step_wait SET wake_at = least(wake_at, now()) FROM ${jobs}
    WHERE step_wait.child_job_id = ${jobs}.id AND ${ended}
    RETURNING (graphile_worker.add_job('${WAKE_TASK}', json_build_object('jobId', step_wait.job_id), priority := ${FIRST},
      max_attempts := 25)).id
  )`;
}
