/** A worker holds a job by an execution: a lease, and an epoch that fences everything the worker writes. */
import type { WorkflowDefinition } from '@signalbox/core/definition';
import type { Json, JsonObject } from '@signalbox/core/json';
import { fromStates } from '@signalbox/core/lifecycle';
import type { ErrorCategory, JobStatus, StepStatus } from '@signalbox/core/statuses';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import { whenKeyIsFree } from './concurrency.ts';
import type { HeldJob, ProgramUsage } from './held-job.ts';
import { newId } from './ids.ts';
import { putDownStatement } from './put-down.ts';
import type { WorkerUsage } from './workers.ts';

export interface ClaimedStep {
  id: string;
  key: string;
  /** Its place in the workflow, and 0 or, for an item of a forEach step, its number from 1 behind that. */
  index: number;
  position: number;
  /** The item's value. */
  item: Json;
  name: string;
  type: string;
  status: StepStatus;
  attemptNumber: number;
  /**
   * Attempts that failed by themselves since the job was last queued by hand. Those that a worker gave back or took with it
   * are not charged to the step's retry.
   */
  failures: number;
  output: Json;
  error: { message: string; category: ErrorCategory } | null;
}

export interface ClaimedJob {
  id: string;
  tenantId: string;
  executionId: string;
  epoch: number;
  workflow: string;
  version: number;
  definition: WorkflowDefinition;
  input: JsonObject;
  subject: string | null;
  labels: string[];
  /** Others that share it may wait for this job's end. */
  concurrencyKey: string | null;
  cancelRequestedAt: Date | null;
  cancelForced: boolean;
  pauseRequestedAt: Date | null;
  /** How long workers have held it before, for its workflow's timeout. */
  heldMs: number;
  /** The number of the last line of its log; what this execution appends comes behind it. */
  lastLogSeq: number;
  /** Those that ran before a worker was lost are final; they are read once, here. */
  steps: ClaimedStep[];
}

export interface Claimer {
  workerId: string;
  workerName: string;
  leaseSeconds: number;
}

/**
 * QUEUED → RUNNING. Nothing when somebody else has it, it was cancelled, it is gone, or as many jobs of its concurrency key
 * run as may: redelivery is harmless.
 */
export async function claimJob(db: Database, jobId: string, claimer: Claimer): Promise<ClaimedJob | undefined> {
  return (await claimJobs(db, [jobId], claimer)).get(jobId);
}

/**
 * The same for several at once.
 * @param onFailed told of a job with a concurrency key that could not be claimed because of an error, which must not take
 *   from the caller what it has claimed already; without it the error is thrown
 */
export async function claimJobs(
  db: Database,
  jobIds: readonly string[],
  claimer: Claimer,
  onFailed: (jobId: string, error: unknown) => void = throwOn,
): Promise<Map<string, ClaimedJob>> {
  const claimed = await claimWith(db, db.pool, jobIds, claimer, false);
  for (const jobId of jobIds) {
    if (claimed.has(jobId)) continue;
    try {
      const own = await whenKeyIsFree(db.pool, jobId, (client) => claimWith(db, client, [jobId], claimer, true));
      const job = own?.get(jobId);
      if (job) claimed.set(jobId, job);
    } catch (error) {
      onFailed(jobId, error);
    }
  }
  return claimed;
}

function throwOn(_jobId: string, error: unknown): never {
  throw error;
}

/** @param keyed whether a job with a concurrency key may be claimed: its lock is held */
async function claimWith(
  { definitions }: Database,
  connection: Pick<PoolClient, 'query'>,
  jobIds: readonly string[],
  { leaseSeconds, workerId, workerName }: Claimer,
  keyed: boolean,
): Promise<Map<string, ClaimedJob>> {
  // In one order everywhere, so that two workers that are told the same jobs do not wait for each other.
  const wanted = [...new Set(jobIds)].sort();
  const { rows } = await connection.query<ClaimedRow>({
    name: 'claim-jobs',
    text: CLAIM,
    values: [wanted, wanted.map(newId), fromStates('claim'), workerId, workerName, leaseSeconds, keyed],
  });
  const jobs = rows.map(async ({ workflowId, ...job }): Promise<ClaimedJob> => {
    return { ...job, definition: await definitions.get(workflowId, job.version) };
  });
  return new Map((await Promise.all(jobs)).map((job) => [job.id, job]));
}

type ClaimedRow = Omit<ClaimedJob, 'definition'> & { workflowId: string };

const CLAIM = `
  WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS given(job_id, execution_id)
  ), claimed AS (
    UPDATE job SET status = 'RUNNING', epoch = job.epoch + 1, started_at = coalesce(job.started_at, statement_timestamp()),
      updated_at = statement_timestamp()
    -- As it was when the statement began, which is what its steps are read from below: while this waited for a row, another
    -- worker may have had the job, got it on and given it back.
    FROM wanted JOIN job seen ON seen.id = wanted.job_id
    WHERE job.id = seen.id AND job.epoch = seen.epoch AND (job.status = ANY($3::job_status[])) IS TRUE
      AND ($7 OR job.concurrency_key IS NULL)
    RETURNING job.*, wanted.execution_id
  ), held AS (
    -- The transaction may have waited for a lock before.
    INSERT INTO execution (id, tenant_id, job_id, epoch, worker_id, worker_name, queue, started_at, lease_expires_at)
    SELECT execution_id, tenant_id, id, epoch, $4, $5, queue, statement_timestamp(),
      statement_timestamp() + make_interval(secs => $6) FROM claimed
  ), counter AS (
    UPDATE log_counter SET epoch = claimed.epoch FROM claimed WHERE log_counter.job_id = claimed.id
    RETURNING log_counter.job_id, last_seq
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'claimed' FROM claimed
  )
  SELECT j.id, j.tenant_id AS "tenantId", j.execution_id AS "executionId", j.epoch, j.workflow_id AS "workflowId",
    j.workflow_slug AS workflow, j.workflow_version AS version, j.input, j.subject, j.labels, j.concurrency_key AS "concurrencyKey",
    j.cancel_requested_at AS "cancelRequestedAt", j.cancel_forced AS "cancelForced", j.pause_requested_at AS "pauseRequestedAt",
    counter.last_seq AS "lastLogSeq",
    -- A job that was ended and then tried again has all its time again.
    CASE WHEN j.epoch = 1 THEN 0 ELSE (
      SELECT coalesce(sum(extract(epoch FROM coalesce(e.completed_at, now()) - e.started_at)) * 1000, 0)::float8
      FROM execution e WHERE e.job_id = j.id AND e.epoch < j.epoch AND e.epoch > (
        SELECT coalesce(max(x.epoch), 0) FROM execution x
        WHERE x.job_id = j.id AND x.outcome IN ('completed', 'failed', 'cancelled'))
    ) END AS "heldMs",
    (SELECT json_agg(step) FROM (
       SELECT s.id, s.key, s.index, s.position, s.item, s.name, s.type, s.status, s.attempt_number AS "attemptNumber", s.output,
         CASE WHEN s.attempt_number = 0 THEN 0 ELSE (
           SELECT count(*) FROM step_attempt a
           WHERE a.step_id = s.id AND a.number > s.forgiven_attempts
             AND a.status = 'FAILED' AND a.error_category <> 'WORKER_LOST') END AS failures,
         CASE WHEN s.error_message IS NOT NULL
           THEN json_build_object('message', s.error_message, 'category', s.error_category) END AS error
       FROM job_step s WHERE s.job_id = j.id ORDER BY s.index, s.position) AS step) AS steps
  FROM claimed j JOIN counter ON counter.job_id = j.id`;

/** What people have asked of a held job, and whether anything that it waits for has come. */
export interface JobMarks {
  cancelRequestedAt: Date | null;
  cancelForced: boolean;
  pauseRequestedAt: Date | null;
  /** How many waits of its steps have ended. */
  wakes: number;
}

export interface ConfirmedLease extends HeldJob, JobMarks {}

/** The queryable that heartbeats go through: a connection of their own, so that a busy pool cannot delay them. */
export interface HeartbeatConnection {
  query<T extends object>(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: T[] }>;
}

/**
 * Says that the worker lives and what it uses, and prolongs the leases it names, by database time. Returns those that are still its own, with
 * any cancel or pause asked for meanwhile; one that is missing in the answer is lost.
 */
export async function beat(
  connection: HeartbeatConnection,
  workerId: string,
  held: readonly HeldJob[],
  leaseSeconds: number,
  usage?: WorkerUsage,
): Promise<ConfirmedLease[]> {
  const { rows } = await connection.query<ConfirmedLease>({
    name: 'beat',
    text: `
      WITH alive AS (
        UPDATE worker SET last_seen_at = now(), rss_bytes = $7, cpu_percent = $8, load_average = $9 WHERE id = $1
      ), confirmed AS (
        UPDATE execution SET lease_expires_at = now() + make_interval(secs => $4),
          peak_memory_bytes = greatest(peak_memory_bytes, held.peak), cpu_ms = greatest(cpu_ms, held.cpu)
        FROM unnest($2::uuid[], $3::int[], $5::bigint[], $6::bigint[]) AS held(job_id, epoch, peak, cpu)
        WHERE execution.job_id = held.job_id AND execution.epoch = held.epoch AND execution.completed_at IS NULL
        RETURNING execution.job_id, execution.epoch
      )
      SELECT confirmed.job_id AS "jobId", confirmed.epoch, job.cancel_requested_at AS "cancelRequestedAt",
        job.cancel_forced AS "cancelForced", job.pause_requested_at AS "pauseRequestedAt", job.wakes
      FROM confirmed JOIN job ON job.id = confirmed.job_id`,
    values: [
      workerId,
      held.map((lease) => lease.jobId),
      held.map((lease) => lease.epoch),
      leaseSeconds,
      held.map((lease) => lease.usage?.peakMemoryBytes ?? null),
      held.map((lease) => lease.usage?.cpuMs ?? null),
      usage?.rssBytes ?? null,
      usage?.cpuPercent ?? null,
      usage?.loadAverage ?? null,
    ],
  });
  return rows;
}

/** The marks of running jobs, for an executor that got a hint and does not want to wait for its next heartbeat. */
export async function readMarks(db: Database, jobIds: readonly string[]): Promise<ConfirmedLease[]> {
  const { rows } = await db.pool.query<ConfirmedLease>({
    name: 'read-marks',
    text: `SELECT id AS "jobId", epoch, cancel_requested_at AS "cancelRequestedAt", cancel_forced AS "cancelForced",
             pause_requested_at AS "pauseRequestedAt", wakes
           FROM job WHERE id = ANY($1::uuid[]) AND status = 'RUNNING'`,
    values: [jobIds],
  });
  return rows;
}

/**
 * RUNNING → QUEUED by a worker that stops politely: running steps go back to PENDING without being charged an attempt's
 * failure. False when the lease was lost already.
 */
export async function releaseJob(db: Database, lease: HeldJob): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'release-job',
    text: RELEASE,
    values: [lease.jobId, lease.epoch, fromStates('release')],
  });
  return rows.length > 0;
}

const RELEASE = putDownStatement({
  status: 'QUEUED',
  outcome: 'released',
  because: 'The worker was stopped; the step starts again elsewhere',
});

/** Notes what the programs of a job had used in all when its worker put it down; a lost execution stays as it is. */
export async function noteUsage(db: Database, { epoch, jobId }: HeldJob, usage: ProgramUsage): Promise<void> {
  await db.pool.query({
    name: 'note-usage',
    text: `UPDATE execution SET peak_memory_bytes = greatest(peak_memory_bytes, $3), cpu_ms = greatest(cpu_ms, $4)
           WHERE job_id = $1 AND epoch = $2 AND outcome IS DISTINCT FROM 'lost'`,
    values: [jobId, epoch, usage.peakMemoryBytes, usage.cpuMs],
  });
}

/** Those of the executions that are over. Ids that this database does not know are not in the answer. */
export async function readEndedExecutions(db: Database, executionIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'read-ended-executions',
    text: 'SELECT id FROM execution WHERE id = ANY($1::uuid[]) AND completed_at IS NOT NULL',
    values: [executionIds],
  });
  return new Set(rows.map((row) => row.id));
}

export interface JobEnd {
  status: JobStatus;
  /** Null while the job may still go on by itself. */
  at: Date | null;
}

/** What those of the jobs that exist have come to. */
export async function readJobEnds(db: Database, jobIds: readonly string[]): Promise<Map<string, JobEnd>> {
  const { rows } = await db.pool.query<JobEnd & { id: string }>({
    name: 'read-job-ends',
    text: 'SELECT id, status, completed_at AS at FROM job WHERE id = ANY($1::uuid[])',
    values: [jobIds],
  });
  return new Map(rows.map(({ id, status, at }) => [id, { status, at }]));
}
