/** Schedules: what is kept of them. How they come to make jobs stands in schedule-runs.ts. */
import type { JsonObject } from '@signalbox/core/json';
import { nextRun, type ScheduleTimes } from '@signalbox/core/schedule';
import type { JobPriority } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { ConflictError } from './failures.ts';
import { isId, newId } from './ids.ts';
import { storableJson, storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';

export interface NewSchedule {
  tenantId: string;
  workflowId: string;
  name: string;
  times: ScheduleTimes;
  /** Checked against the workflow's schema when it runs, with the defaults of then. */
  input: JsonObject;
  priority: JobPriority | null;
  subject: string | null;
  labels: readonly string[];
  active: boolean;
  createdBy: string;
}

export const MOST_SCHEDULES = 1_000;

/** Columns of a row as ScheduleTimes. */
export interface TimesRow {
  kind: ScheduleTimes['kind'];
  startsAt: Date | null;
  everySeconds: number | null;
  cron: string | null;
  timezone: string;
}

export function timesOf({ cron, everySeconds, kind, startsAt, timezone }: TimesRow): ScheduleTimes {
  if (kind === 'CRON' && cron !== null) return { kind, cron, timezone };
  if (kind === 'RECURRING' && startsAt && everySeconds !== null) return { kind, startsAt, everySeconds };
  if (kind === 'ONCE' && startsAt) return { kind, startsAt };
  throw new Error(`a schedule of the kind ${kind} lacks its times`);
}

/** Makes a schedule. Gives its id. Throws ConflictError for a name that is taken, and when there are as many as there may be. */
export async function createSchedule(db: Database, schedule: NewSchedule): Promise<string> {
  return inTransaction(db.pool, async (client) => {
    // Two who make one at the same time do not pass the limit together.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('schedules ' || $1, 0))`, [schedule.tenantId]);
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM schedule WHERE tenant_id = $1',
      [schedule.tenantId],
    );
    if ((rows[0]?.count ?? 0) >= MOST_SCHEDULES) {
      throw new ConflictError(
        `There are ${MOST_SCHEDULES} schedules, and no more may be made. Delete one that is over.`,
      );
    }
    const id = newId();
    const made = await client.query(
      `INSERT INTO schedule (id, tenant_id, workflow_id, name, kind, starts_at, every_seconds, cron, timezone, input,
                             priority, subject, labels, active, next_run_at, created_by)
       VALUES ($1, $2, $3, $4, $5::schedule_kind, $6, $7, $8, $9, $10, $11::job_priority, $12, $13, $14, $15, $16)
       ON CONFLICT (tenant_id, name) DO NOTHING`,
      [id, schedule.tenantId, ...columnsOf(schedule), storableText(schedule.createdBy)],
    );
    if (!made.rowCount) throw nameIsTaken(schedule.name);
    return id;
  });
}

/** False when there is no such schedule. Throws ConflictError for a name that is taken. */
export async function changeSchedule(
  db: Database,
  id: string,
  schedule: Omit<NewSchedule, 'createdBy'>,
): Promise<boolean> {
  if (!isId(id)) return false;
  try {
    const { rowCount } = await db.pool.query(
      `UPDATE schedule SET workflow_id = $3, name = $4, kind = $5::schedule_kind, starts_at = $6, every_seconds = $7,
         cron = $8, timezone = $9, input = $10, priority = $11::job_priority, subject = $12, labels = $13, active = $14,
         next_run_at = $15, last_problem = NULL, updated_at = now()
       WHERE id = $1 AND tenant_id = $2`,
      [id, schedule.tenantId, ...columnsOf(schedule)],
    );
    return rowCount === 1;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') throw nameIsTaken(schedule.name);
    throw error;
  }
}

/** Switches it on or off. False when there is no such schedule. Once on, it runs at the next of its times, not at those it missed. */
export async function setScheduleActive(db: Database, tenantId: string, id: string, active: boolean): Promise<boolean> {
  if (!isId(id)) return false;
  return inTransaction(db.pool, async (client) => {
    const { rows } = await client.query<TimesRow>(
      `SELECT kind, starts_at AS "startsAt", every_seconds AS "everySeconds", cron, timezone
       FROM schedule WHERE id = $1 AND tenant_id = $2 FOR UPDATE`,
      [id, tenantId],
    );
    if (!rows[0]) return false;
    await client.query('UPDATE schedule SET active = $2, next_run_at = $3, updated_at = now() WHERE id = $1', [
      id,
      active,
      active ? nextRun(timesOf(rows[0]), new Date()) : null,
    ]);
    return true;
  });
}

/** False when there was none. The jobs that it made stay. */
export async function deleteSchedule(db: Database, tenantId: string, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const { rowCount } = await db.pool.query('DELETE FROM schedule WHERE id = $1 AND tenant_id = $2', [id, tenantId]);
  return rowCount === 1;
}

function columnsOf(schedule: Omit<NewSchedule, 'createdBy'>): unknown[] {
  const { active, input, labels, name, priority, subject, times, workflowId } = schedule;
  return [
    workflowId,
    storableText(name),
    times.kind,
    times.kind === 'CRON' ? null : times.startsAt,
    times.kind === 'RECURRING' ? times.everySeconds : null,
    times.kind === 'CRON' ? storableText(times.cron.trim()) : null,
    times.kind === 'CRON' ? times.timezone : 'UTC',
    storableJson(input),
    priority,
    subject === null ? null : storableText(subject),
    labels.map(storableText),
    active,
    active ? nextRun(times, new Date()) : null,
  ];
}

function nameIsTaken(name: string): ConflictError {
  return new ConflictError(`There is a schedule "${name}" already. Give this one another name, or change that one.`);
}
