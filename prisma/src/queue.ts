/**
 * The queue library keeps wake-up calls; our rows are the truth. One queue task per job, keyed by the job's id, so adding
 * it again replaces the one that waits. All SQL here is a fragment, made to stand inside the statement that queues the job.
 */

/** The task identifier that executors of a named queue listen for. */
export function taskIdentifier(queue: string): string {
  return `run-job/${queue}`;
}

/** SQL of the number of a job row's task. */
export function taskNumber(job: string): string {
  return `CASE ${job}.priority WHEN 'CRITICAL' THEN -20 WHEN 'HIGH' THEN -10 WHEN 'LOW' THEN 10 ELSE 0 END`;
}

/** SQL of a call that adds the queue task of a job row, `job` being the row's name in the statement around it. */
export function addTask(job: string): string {
  return `graphile_worker.add_job('run-job/' || ${job}.queue, json_build_object('jobId', ${job}.id),
    job_key := 'job:' || ${job}.id, priority := ${taskNumber(job)}, max_attempts := 25)`;
}

/** SQL of how many waiting queue tasks of a job row were moved to its priority: none when a worker is just taking it. */
export function rescheduleTask(job: string): string {
  return `(SELECT count(*) FROM graphile_worker.reschedule_jobs(
    ARRAY(SELECT task.id FROM graphile_worker.jobs task WHERE task.key = 'job:' || ${job}.id), priority := ${taskNumber(job)}))`;
}

/** SQL of a call that removes the queue task of a job row. */
export function removeTask(job: string): string {
  return `graphile_worker.remove_job('job:' || ${job}.id)`;
}
