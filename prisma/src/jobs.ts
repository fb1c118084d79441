/** The moves of a job that people and programs ask for. Each is one transaction; what it may start from stands in its WHERE. */
import { createHash } from 'node:crypto';
import { concurrencyKey } from '@signalbox/core/concurrency';
import type { JsonObject } from '@signalbox/core/json';
import { allowedActions, fromStates, type PressedJob } from '@signalbox/core/lifecycle';
import type { JobPriority } from '@signalbox/core/statuses';
import { ExpressionError } from '@signalbox/core/template';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import { lockKey, refuseWhenTaken } from './concurrency.ts';
import { ConflictError, InvalidInputError, NotFoundError } from './failures.ts';
import { isId, newId } from './ids.ts';
import { silentTask, taskAdded } from './new-task.ts';
import { addTask } from './queue.ts';
import { storableJson, storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';
import type { WorkflowVersionRow } from './workflows.ts';

export interface NewJob {
  tenantId: string;
  workflow: WorkflowVersionRow;
  /** Checked against the workflow's schema, defaults applied. */
  input: JsonObject;
  /** As it was sent, where that is not the same: what a repeated request is known by, whatever has become of the defaults. */
  sentInput?: JsonObject;
  /** The workflow's unless told; MEDIUM when that says nothing. */
  priority?: JobPriority;
  /** True unless told; false leaves the job CREATED. */
  start?: boolean;
  subject?: string | null;
  labels?: string[];
  /** The same key and request give the same job again; the same key with another request is a Conflict. */
  idempotencyKey?: string | null;
  /** The schedule that makes it. */
  scheduleId?: string;
  rerunOfId?: string;
  forkedFromId?: string;
  /** Jobs that it is part of: they are not in the way of its concurrency key. */
  within?: readonly string[];
}

/** SQL of the columns of a job that decide which actions it allows. */
const PRESSED = `status, cancel_requested_at AS "cancelRequestedAt", pause_requested_at AS "pauseRequestedAt"`;

/** Stores the job with its steps, its event and (when started) its queue task: all or nothing. Returns the job's id. */
export async function createJob(db: Database, job: NewJob): Promise<{ id: string; created: boolean }> {
  if (mayBeRefused(job)) return inTransaction(db.pool, (client) => insertJob(client, job));
  const made = await insertJob(db.pool, job, SILENTLY);
  if (made.created) db.queueCall.send();
  return made;
}

/** Then it has to be made in a transaction, which holds the lock of its concurrency key. */
function mayBeRefused({ start, workflow }: NewJob): boolean {
  return workflow.definition.concurrency?.onConflict === 'refuse' && start !== false;
}

/** The same as part of a larger transaction. */
export async function insertJob(
  client: Pick<PoolClient, 'query'>,
  job: NewJob,
  adding: { name: string; text: string } = AND_CALL,
): Promise<{ id: string; created: boolean }> {
  const id = newId();
  const requestHash = job.idempotencyKey ? hashRequest(job, job.sentInput ?? job.input) : null;
  const steps = job.workflow.definition.steps.map((step, index) => ({
    id: newId(),
    key: step.key,
    index,
    name: storableText(step.name),
    type: step.type,
    needs: step.needs,
  }));
  const { concurrency } = job.workflow.definition;
  const key = keyOf(job, id);
  if (mayBeRefused(job) && concurrency && key !== undefined) {
    await lockKey(client, job.tenantId, key);
    // A request that is repeated gets the job that it made, which must not stand in its own way.
    if (!(await readByKey(client, job)))
      await refuseWhenTaken(client, { ...concurrency, key, tenantId: job.tenantId, within: job.within });
  }
  const { rows } = await client.query<{ id: string }>({
    ...adding,
    values: [
      id,
      job.tenantId,
      job.workflow.workflowId,
      job.workflow.version,
      job.workflow.slug,
      job.workflow.name,
      job.start === false ? 'CREATED' : 'QUEUED',
      job.priority ?? job.workflow.definition.priority ?? 'MEDIUM',
      storableJson(job.input),
      job.subject == null ? null : storableText(job.subject),
      (job.labels ?? []).map(storableText),
      job.idempotencyKey ?? null,
      requestHash,
      job.rerunOfId ?? null,
      storableJson(steps),
      job.forkedFromId ?? null,
      job.workflow.definition.queue ?? 'default',
      key === undefined ? null : storableText(key),
      concurrency?.limit ?? null,
      job.scheduleId ?? null,
    ],
  });
  if (rows[0]) return { id, created: true };
  return { id: await findByIdempotencyKey(client, job), created: false };
}

const createStatement = (tasks: string, task: string) => `
  WITH created AS (
    INSERT INTO job (id, tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, status, priority, input,
                     subject, labels, idempotency_key, request_hash, rerun_of_id, forked_from_id, total_steps, queue,
                     concurrency_key, concurrency_limit, schedule_id, queued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7::job_status, $8::job_priority, $9, $10, $11, $12, $13, $14, $16,
            jsonb_array_length($15::jsonb), $17, $18, $19, $20, CASE WHEN $7::job_status = 'QUEUED' THEN now() END)
    ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
    RETURNING id, tenant_id, status, priority, queue
  ), steps AS (
    INSERT INTO job_step (id, tenant_id, job_id, key, index, name, type, needs)
    SELECT s.id, created.tenant_id, created.id, s.key, s.index, s.name, s.type, s.needs
    FROM created, jsonb_to_recordset($15::jsonb) AS s(id uuid, key text, index int, name text, type text, needs text[])
  ), counter AS (
    INSERT INTO log_counter (job_id, tenant_id) SELECT id, tenant_id FROM created
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'created' FROM created
  )${tasks}
  SELECT id, ${task} AS task FROM created`;

/** With its queue task, which calls the workers when the transaction commits. */
const AND_CALL = {
  name: 'create-job',
  text: createStatement('', `CASE WHEN status = 'QUEUED' THEN (${addTask('created')}).id END`),
};

/** With a queue task that the workers are yet to be told of. */
const SILENTLY = {
  name: 'create-job-silently',
  text: createStatement(`, ${silentTask('created')}`, taskAdded('created')),
};

/** Throws InvalidInputError when the key cannot be made of this input. */
function keyOf({ input, labels, subject, workflow }: NewJob, id: string): string | undefined {
  const job = {
    id,
    workflow: workflow.slug,
    version: workflow.version,
    subject: subject ?? null,
    labels: labels ?? [],
  };
  try {
    return concurrencyKey(workflow.definition, { input, job });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const message = `The concurrency key of the workflow cannot be made. ${error.message}`;
    throw new InvalidInputError(message, [{ path: '', message }]);
  }
}

/** What decides whether two requests are the same. */
type JobRequest = Pick<NewJob, 'tenantId' | 'priority' | 'start' | 'subject' | 'labels' | 'idempotencyKey'> & {
  workflow: Pick<WorkflowVersionRow, 'slug'>;
};

/** The job that this very request has made before, by its idempotency key; undefined when there is none, or another request used the key. */
export async function findRepeated(
  db: Database,
  request: JobRequest,
  sentInput: JsonObject,
): Promise<string | undefined> {
  const existing = await readByKey(db.pool, request);
  try {
    return existing && existing.requestHash === hashRequest(request, sentInput) ? existing.id : undefined;
  } catch (error) {
    // Nobody has checked the input yet: nothing was ever made of one that is nested without end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function hashRequest(job: JobRequest, input: JsonObject): string {
  const request = [
    job.workflow.slug,
    input,
    job.priority ?? 'MEDIUM',
    job.start !== false,
    job.subject ?? null,
    job.labels ?? [],
  ];
  return createHash('sha256').update(canonicalJson(request)).digest('hex');
}

/** Keys in a fixed order, so that two clients that write the same input differently mean the same request. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** The job that the idempotency key of a request belongs to; undefined without a key, too. */
async function readByKey(
  client: Pick<PoolClient, 'query'>,
  { idempotencyKey, tenantId }: JobRequest,
): Promise<({ id: string; requestHash: string } & PressedJob) | undefined> {
  if (idempotencyKey == null) return undefined;
  const { rows } = await client.query<{ id: string; requestHash: string } & PressedJob>(
    `SELECT id, request_hash AS "requestHash", ${PRESSED} FROM job WHERE tenant_id = $1 AND idempotency_key = $2`,
    [tenantId, idempotencyKey],
  );
  return rows[0];
}

async function findByIdempotencyKey(client: Pick<PoolClient, 'query'>, job: NewJob): Promise<string> {
  const existing = await readByKey(client, job);
  if (!existing)
    throw new ConflictError('The job of this idempotency key was deleted just now. Send the request again.');
  // Jobs of before are known by their input with the defaults.
  if ([job.sentInput ?? job.input, job.input].some((input) => hashRequest(job, input) === existing.requestHash))
    return existing.id;
  throw new ConflictError(
    `The idempotency key "${job.idempotencyKey}" was used for another request (job ${existing.id}). Use a new key for a new request.`,
    allowedActions(existing),
  );
}

/** CREATED → QUEUED. */
export async function startJob(db: Database, tenantId: string, id: string): Promise<void> {
  const { rows } = await db.pool.query({
    name: 'start-job',
    text: `
      WITH started AS (
        UPDATE job SET status = 'QUEUED', queued_at = now(), updated_at = now()
        WHERE id = $1 AND tenant_id = $2 AND status = ANY($3::job_status[])
        RETURNING id, tenant_id, priority, queue
      ), event AS (
        INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'queued' FROM started
      )
      SELECT id, (${addTask('started')}).id AS task FROM started`,
    values: [requireId(id), tenantId, fromStates('start')],
  });
  if (!rows[0]) throw await refusal(db.pool, tenantId, id, 'started');
}

/** A new job of the same version, with the same input unless told. The original stays as it is. */
export async function rerunJob(db: Database, tenantId: string, id: string, checkInput?: RerunInput): Promise<string> {
  return inTransaction(db.pool, async (client) => {
    const { input, workflow, ...same } = await readOriginal(client, tenantId, id, 'RERUN');
    const rerun = { ...same, tenantId, workflow, rerunOfId: id, input: checkInput ? checkInput(workflow) : input };
    return (await insertJob(client, rerun)).id;
  });
}

/** Gives the new job's input, checked against the frozen version's schema; throws InvalidInputError. */
export type RerunInput = (workflow: WorkflowVersionRow) => JsonObject;

/** What a job passes on to one that is made from it. */
interface Original {
  workflow: WorkflowVersionRow;
  input: JsonObject;
  priority: JobPriority;
  subject: string | null;
  labels: string[];
}

/** A job that another is made from; it cannot be deleted before the transaction ends. Throws NotFoundError, ConflictError. */
export async function readOriginal(
  client: PoolClient,
  tenantId: string,
  id: string,
  action: 'RERUN' | 'FORK',
): Promise<Original> {
  const { rows } = await client.query<Omit<Original, 'workflow'> & WorkflowVersionRow & PressedJob>(
    `SELECT ${PRESSED}, j.input, j.priority, j.subject, j.labels,
            j.workflow_id AS "workflowId", v.version, j.workflow_slug AS slug, j.workflow_name AS name, v.definition
     FROM job j JOIN workflow_version v ON v.workflow_id = j.workflow_id AND v.version = j.workflow_version
     WHERE j.id = $1 AND j.tenant_id = $2 FOR KEY SHARE OF j`,
    [requireId(id), tenantId],
  );
  const job = rows[0];
  if (!job) throw unknownJob(id);
  const allowed = allowedActions(job);
  if (!allowed.includes(action)) {
    throw new ConflictError(
      `A job that is ${job.status} cannot be ${action === 'FORK' ? 'forked' : 'run again'} yet.`,
      allowed,
    );
  }
  const { definition, input, labels, name, priority, slug, subject, version, workflowId } = job;
  return { workflow: { workflowId, version, slug, name, definition }, input, priority, subject, labels };
}

/** Removes a final job and everything of it. Reruns and forks of it stay. */
export async function deleteJob(db: Database, tenantId: string, id: string): Promise<void> {
  await inTransaction(db.pool, async (client) => {
    // A long log takes long to remove, and giving up would leave it there for ever.
    await client.query('SET LOCAL statement_timeout = 0');
    const { rowCount } = await client.query(
      `DELETE FROM job WHERE id = $1 AND tenant_id = $2 AND status = ANY($3::job_status[])`,
      [requireId(id), tenantId, fromStates('delete')],
    );
    if (!rowCount) throw await refusal(client, tenantId, id, 'deleted');
    await client.query(`INSERT INTO job_event (tenant_id, job_id, kind) VALUES ($1, $2, 'deleted')`, [tenantId, id]);
  });
}

function requireId(id: string): string {
  if (!isId(id)) throw unknownJob(id);
  return id;
}

export function unknownJob(id: string): NotFoundError {
  return new NotFoundError(`There is no job with the id "${id}".`);
}

/** Why a move touched no row: the job does not exist for this tenant, or its state forbids the move. */
export async function refusal(
  client: Pick<PoolClient, 'query'>,
  tenantId: string,
  id: string,
  participle: string,
): Promise<ConflictError | NotFoundError> {
  const { rows } = await client.query<PressedJob>(`SELECT ${PRESSED} FROM job WHERE id = $1 AND tenant_id = $2`, [
    id,
    tenantId,
  ]);
  const job = rows[0];
  if (!job) return unknownJob(id);
  return refusalBy(job, participle);
}

/** What a job in this state answers to a move that it does not allow. */
export function refusalBy(job: PressedJob, participle: string): ConflictError {
  const state = job.status === 'RUNNING' && job.cancelRequestedAt ? 'being cancelled' : job.status;
  return new ConflictError(`A job that is ${state} cannot be ${participle}.`, allowedActions(job));
}
