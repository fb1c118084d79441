import type { Database } from './client.ts';

/** What a running attempt says about the agent, tool, model or program that it uses. Nothing once the job has a new owner. */
export async function recordStepUses(
  db: Database,
  attempt: { jobId: string; epoch: number; stepId: string; number: number },
  uses: string,
): Promise<void> {
  await db.pool.query({
    name: 'record-step-uses',
    text: `UPDATE job_step SET uses = $5 FROM job
      WHERE job_step.id = $3 AND job_step.attempt_number = $4 AND job_step.status = 'RUNNING'
        AND job.id = $1 AND job_step.job_id = job.id AND job.epoch = $2`,
    values: [attempt.jobId, attempt.epoch, attempt.stepId, attempt.number, uses],
  });
}
