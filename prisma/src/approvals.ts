/** Decisions that steps wait for. */

import { checkInput } from '@signalbox/core/input';
import type { Issue } from '@signalbox/core/issues';
import type { JsonObject, ObjectSchema } from '@signalbox/core/json';
import { allowedActions, fromStates, type PressedJob } from '@signalbox/core/lifecycle';
import { didYouMean, shorten } from '@signalbox/core/names';
import type { JobStatus } from '@signalbox/core/statuses';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import { ConflictError, InvalidInputError, NotFoundError } from './failures.ts';
import { isId } from './ids.ts';
import { unknownJob } from './jobs.ts';
import { addTask } from './queue.ts';
import { storableJson, storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';
import { removeWakeTask } from './wake-tasks.ts';

export interface Decision {
  stepKey: string;
  approve: boolean;
  comment: string | null;
  /** Checked against what the step asks for; one that rejects may leave it out. */
  form: JsonObject | null;
  /** Who decides, for people to read; null when nobody knows. */
  decidedBy: string | null;
}

/**
 * Decides what a step waits for, once: who, when and why is stored and stands in the log. A WAITING job goes back to the queue; a
 * held or paused one keeps the decision. Throws NotFoundError, InvalidInputError (paths into the form), and ConflictError when
 * the step does not wait for a decision or no longer.
 */
export async function decideApproval(db: Database, tenantId: string, jobId: string, decision: Decision): Promise<void> {
  if (!isId(jobId)) throw unknownJob(jobId);
  await inTransaction(db.pool, async (client) => {
    const job = await lockJob(client, tenantId, jobId);
    const wait = await findApproval(client, jobId, decision.stepKey);
    refuseUndecidable(job, decision.stepKey, wait);
    await client.query({
      name: 'decide-approval',
      text: DECIDE,
      values: [
        jobId,
        wait.stepId,
        decision.approve,
        decision.comment === null ? null : storableText(decision.comment),
        storableJson(checkedForm(wait.form, decision)),
        decision.decidedBy === null ? null : storableText(decision.decidedBy),
      ],
    });
  });
}

const DECIDE = `
  WITH decided AS (
    UPDATE step_wait SET approved = $3, comment = $4, answer = nullif($5::jsonb, 'null'::jsonb), decided_by = $6, decided_at = now(),
      wake_at = now()
    WHERE step_id = $2 AND job_id = $1 AND approved IS NULL
    RETURNING attempt
  ), touched AS (
    UPDATE job SET wakes = wakes + 1, updated_at = now(),
      status = CASE WHEN status = 'WAITING' THEN 'QUEUED'::job_status ELSE status END,
      current_step_key = CASE WHEN status = 'WAITING' THEN NULL ELSE current_step_key END,
      queued_at = CASE WHEN status = 'WAITING' THEN now() ELSE queued_at END
    FROM decided WHERE job.id = $1
    RETURNING job.id, job.tenant_id, job.status, job.priority, job.queue, decided.attempt
  ), line_number AS (
    UPDATE log_counter SET last_seq = last_seq + 1 FROM touched WHERE log_counter.job_id = touched.id
    RETURNING last_seq
  ), line AS (
    INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message, step_key, attempt)
    SELECT touched.id, last_seq, touched.tenant_id, clock_timestamp(),
      CASE WHEN $3 THEN 'SUCCESS'::log_level ELSE 'WARNING'::log_level END, 'SYSTEM',
      concat(CASE WHEN $3 THEN 'Approved' ELSE 'Rejected' END, ' by ' || $6::text, ': ' || $4::text),
      (SELECT key FROM job_step WHERE id = $2), touched.attempt
    FROM touched, line_number
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'decided' FROM touched
  )
  SELECT id, CASE WHEN status = 'QUEUED' THEN (${addTask('touched')}).id END AS task,
    CASE WHEN status = 'QUEUED' THEN (${removeWakeTask('touched')}).id END AS wake FROM touched`;

async function lockJob(client: PoolClient, tenantId: string, jobId: string): Promise<PressedJob> {
  const { rows } = await client.query<PressedJob>(
    `SELECT status, cancel_requested_at AS "cancelRequestedAt", pause_requested_at AS "pauseRequestedAt"
     FROM job WHERE id = $1 AND tenant_id = $2 FOR NO KEY UPDATE`,
    [jobId, tenantId],
  );
  if (!rows[0]) throw unknownJob(jobId);
  return rows[0];
}

interface Approval {
  stepId: string;
  isWaiting: boolean;
  decidedAt: Date | null;
  /** Its time was up before anybody decided. */
  isLate: boolean;
  form: ObjectSchema | null;
}

/** Throws NotFoundError when the job has no such step. Undefined when that step never asked for anything. */
async function findApproval(client: PoolClient, jobId: string, stepKey: string): Promise<Approval | undefined> {
  const { rows } = await client.query<Approval & { asks: boolean }>(
    `SELECT s.id AS "stepId", s.status = 'WAITING' AS "isWaiting", w.decided_at AS "decidedAt", w.form,
       coalesce(w.wake_at <= now(), false) AS "isLate", coalesce(w.kind = 'APPROVAL', false) AS asks
     FROM job_step s LEFT JOIN step_wait w ON w.step_id = s.id AND w.attempt = s.attempt_number
     WHERE s.job_id = $1 AND s.key = $2`,
    [jobId, storableText(stepKey)],
  );
  const [step] = rows;
  if (step) return step.asks ? step : undefined;
  const known = await client.query<{ key: string }>('SELECT key FROM job_step WHERE job_id = $1 LIMIT 1000', [jobId]);
  const keys = known.rows.map(({ key }) => key);
  throw new NotFoundError(`The job has no step "${shorten(stepKey)}".${didYouMean(stepKey, keys)}`);
}

function refuseUndecidable(job: PressedJob, stepKey: string, wait: Approval | undefined): asserts wait is Approval {
  const refuse = (why: string) => {
    throw new ConflictError(why, allowedActions(job));
  };
  const step = `The step "${shorten(stepKey)}"`;
  if (wait?.decidedAt) return refuse(`${step} was decided already, at ${wait.decidedAt.toISOString()}.`);
  if (!wait?.isWaiting) return refuse(`${step} does not wait for an approval.`);
  if (wait.isLate) return refuse(`${step} does not wait for an approval any more: its time is up.`);
  if (job.cancelRequestedAt || !(fromStates('decide') as readonly JobStatus[]).includes(job.status))
    return refuse(`A job that is ${job.cancelRequestedAt ? 'being cancelled' : job.status} takes no decisions.`);
}

/** With the defaults of the schema. */
function checkedForm(schema: ObjectSchema | null, { approve, form, stepKey }: Decision): JsonObject | null {
  if (!schema) {
    if (!form || Object.keys(form).length === 0) return null;
    const message = `The step "${stepKey}" asks for no form. Leave it out, or say it in the comment.`;
    throw new InvalidInputError(message, [{ path: '', message }]);
  }
  // Whoever rejects need not fill anything in.
  if (!approve && !form) return null;
  const { issues, value } = checkInput(schema, form ?? {});
  if (issues.length > 0) throw new InvalidInputError(`The form does not fit: ${told(issues)}`, issues);
  return value;
}

function told([first, ...more]: readonly Issue[]): string {
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  return first ? `${first.path ? `${first.path}: ` : ''}${first.message}${rest}` : '';
}
