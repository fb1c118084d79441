/** Schedules that are due make their jobs: once each, whoever looks and however many do. */
import { checkInput } from '@signalbox/core/input';
import type { JsonObject } from '@signalbox/core/json';
import { nextRun } from '@signalbox/core/schedule';
import type { JobPriority } from '@signalbox/core/statuses';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import { ConflictError, InvalidInputError, NotFoundError } from './failures.ts';
import { isId } from './ids.ts';
import { insertJob } from './jobs.ts';
import { type TimesRow, timesOf } from './schedules.ts';
import { inTransaction } from './transaction.ts';
import type { WorkflowVersionRow } from './workflows.ts';

interface ScheduleRow extends TimesRow {
  id: string;
  tenantId: string;
  input: JsonObject;
  priority: JobPriority | null;
  subject: string | null;
  labels: string[];
}

type Due = ScheduleRow & WorkflowVersionRow;

/** `ranAt`: by the clock that says what is due. Another one that is behind would give the same time again and again. */
type DueNow = Due & { ranAt: Date };

const COLUMNS = `
  s.id, s.tenant_id AS "tenantId", s.kind, s.starts_at AS "startsAt", s.every_seconds AS "everySeconds",
  s.cron, s.timezone, s.input, s.priority, s.subject, s.labels,
  w.id AS "workflowId", w.slug, w.name, v.version, v.definition
  FROM schedule s JOIN workflow w ON w.id = s.workflow_id
    JOIN workflow_version v ON v.workflow_id = w.id AND v.version = w.current_version`;

export interface ScheduleRun {
  scheduleId: string;
  tenantId: string;
  /** The job that was made; absent when none could be. */
  jobId?: string;
  /** Why none could be made, for people. */
  problem?: string;
  /** What went wrong when it is nothing that a person who made the schedule can mend. */
  fault?: unknown;
}

/**
 * Runs the schedule that has been due for longest, if there is one that nobody else is running: makes its job and sets its next
 * time, in one transaction. However many times were missed while nothing ran, it makes one job for them all.
 */
export async function runDueSchedule(db: Database): Promise<ScheduleRun | undefined> {
  return inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<DueNow>(
      `SELECT greatest(now(), s.next_run_at) AS "ranAt", ${COLUMNS}
       WHERE s.next_run_at <= now() ORDER BY s.next_run_at LIMIT 1 FOR UPDATE OF s SKIP LOCKED`,
    );
    const [due] = rows;
    if (!due) return undefined;
    const run = await makeJob(client, due);
    await client.query('UPDATE schedule SET last_run_at = now(), last_problem = $2, next_run_at = $3 WHERE id = $1', [
      due.id,
      run.problem ?? null,
      nextRun(timesOf(due), due.ranAt),
    ]);
    return run;
  });
}

/** Makes a job of it now, whatever its times are. Throws NotFoundError, and what is in the way of the job. */
export async function runScheduleNow(db: Database, tenantId: string, id: string): Promise<string> {
  return inTransaction(db.pool, async (client) => {
    const { rows } = isId(id)
      ? await client.query<Due>(`SELECT ${COLUMNS} WHERE s.id = $1 AND s.tenant_id = $2 FOR UPDATE OF s`, [
          id,
          tenantId,
        ])
      : { rows: [] };
    if (!rows[0]) throw new NotFoundError(`There is no schedule with the id "${id.slice(0, 100)}".`);
    const jobId = await insertJobOf(client, rows[0]);
    await client.query('UPDATE schedule SET last_run_at = now(), last_problem = NULL WHERE id = $1', [rows[0].id]);
    return jobId;
  });
}

/** Milliseconds until the next one is due, 0 when one is; nothing when none is to come. */
export async function nextScheduleInMs(db: Database): Promise<number | undefined> {
  const { rows } = await db.pool.query<{ ms: number | null }>({
    name: 'next-schedule',
    text: 'SELECT (extract(epoch FROM min(next_run_at) - now()) * 1000)::float8 AS ms FROM schedule WHERE next_run_at IS NOT NULL',
  });
  const ms = rows[0]?.ms ?? undefined;
  return ms === undefined ? undefined : Math.max(0, ms);
}

async function makeJob(client: PoolClient, due: Due): Promise<ScheduleRun> {
  const about = { scheduleId: due.id, tenantId: due.tenantId };
  // What cannot be made leaves nothing behind, and the schedule goes on.
  await client.query('SAVEPOINT job');
  try {
    return { ...about, jobId: await insertJobOf(client, due) };
  } catch (error) {
    // Fails too when the connection is lost, and then nothing was done. Any other fault is this schedule's own: it has had
    // its turn, and those behind it get theirs.
    await client.query('ROLLBACK TO SAVEPOINT job');
    if (error instanceof InvalidInputError || error instanceof ConflictError)
      return { ...about, problem: error.message };
    return { ...about, problem: 'The job could not be made; the log of the executor says why.', fault: error };
  }
}

async function insertJobOf(client: PoolClient, schedule: Due): Promise<string> {
  const { definition, id: scheduleId, labels, name, priority, slug, subject, tenantId, version, workflowId } = schedule;
  const { issues, value: input } = checkInput(definition.input, schedule.input);
  if (issues[0]) {
    const { message, path } = issues[0];
    throw new InvalidInputError(
      `The input does not fit version ${version} of the workflow "${slug}": ${path}: ${message}`,
      issues,
    );
  }
  const workflow = { workflowId, version, slug, name, definition };
  const made = await insertJob(client, {
    tenantId,
    workflow,
    input,
    subject,
    labels,
    scheduleId,
    priority: priority ?? undefined,
  });
  return made.id;
}
