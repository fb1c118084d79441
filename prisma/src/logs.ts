/** The log of a job: one gapless sequence of numbers per job, given under the row lock of its counter. */
import type { LogLevel, LogStream } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { storableText } from './storable.ts';

export interface NewLogLine {
  jobId: string;
  epoch: number;
  at: Date;
  level: LogLevel;
  stream: LogStream;
  message: string;
  stepKey: string | null;
  attempt: number | null;
}

/**
 * Stores lines of many jobs in the order given, numbered and fenced by the counter's row, and returns the last number of each
 * job that took them. A job that is missing in the answer was lost: its lines are not stored, and nothing more may be written.
 * @param after the last number that each job must have now. Whoever repeats a call whose answer got lost gives it, so that
 *   no line is stored twice; a job that is missing in the answer may then also have moved on (see readLogPositions).
 */
export async function appendLogLines(
  db: Database,
  lines: readonly NewLogLine[],
  after?: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ job_id: string; last_seq: number }>({
    name: 'append-log-lines',
    text: `
      WITH line AS (
        SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::log_level[], $5::log_stream[], $6::text[],
          $7::text[], $8::int[], $9::int[])
          WITH ORDINALITY AS l(job_id, epoch, at, level, stream, message, step_key, attempt, after, place)
      ), batch AS (
        SELECT job_id, epoch, after, count(*)::int AS size FROM line GROUP BY job_id, epoch, after
      ), counted AS (
        UPDATE log_counter c SET last_seq = c.last_seq + batch.size FROM batch
        WHERE c.job_id = batch.job_id AND c.epoch = batch.epoch AND c.last_seq = coalesce(batch.after, c.last_seq)
        RETURNING c.job_id, c.tenant_id, c.epoch, c.last_seq, c.last_seq - batch.size AS base
      ), stored AS (
        INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message, step_key, attempt)
        SELECT l.job_id, counted.base + row_number() OVER (PARTITION BY l.job_id ORDER BY l.place), counted.tenant_id,
          l.at, l.level, l.stream, l.message, l.step_key, l.attempt
        FROM line l JOIN counted ON counted.job_id = l.job_id AND counted.epoch = l.epoch
      )
      SELECT job_id, last_seq FROM counted`,
    values: [
      lines.map((line) => line.jobId),
      lines.map((line) => line.epoch),
      lines.map((line) => line.at),
      lines.map((line) => line.level),
      lines.map((line) => line.stream),
      lines.map((line) => storableText(line.message)),
      lines.map((line) => line.stepKey),
      lines.map((line) => line.attempt),
      lines.map((line) => after?.get(line.jobId) ?? null),
    ],
  });
  return new Map(rows.map((row) => [row.job_id, row.last_seq]));
}

/** The last number of the log of each job that still belongs to the epoch given with it. */
export async function readLogPositions(
  db: Database,
  held: readonly { jobId: string; epoch: number }[],
): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ job_id: string; last_seq: number }>({
    name: 'read-log-positions',
    text: `SELECT c.job_id, c.last_seq FROM log_counter c
           JOIN unnest($1::uuid[], $2::int[]) AS held(job_id, epoch) ON c.job_id = held.job_id AND c.epoch = held.epoch`,
    values: [held.map((lease) => lease.jobId), held.map((lease) => lease.epoch)],
  });
  return new Map(rows.map((row) => [row.job_id, row.last_seq]));
}

export interface StoredLogLine {
  seq: number;
  at: Date;
  level: LogLevel;
  stream: LogStream;
  message: string;
  stepKey: string | null;
  attempt: number | null;
}

/** The lines behind `afterSeq` in order, at most `limit`; of one step when its key is given. */
export async function readLogLinesAfter(
  db: Database,
  jobId: string,
  afterSeq: number,
  limit: number,
  stepKey?: string | null,
): Promise<StoredLogLine[]> {
  const { rows } = await db.pool.query<StoredLogLine>({
    name: stepKey == null ? 'read-log-after' : 'read-step-log-after',
    text: `SELECT seq, at, level, stream, message, step_key AS "stepKey", attempt FROM log_line
           WHERE job_id = $1 AND seq > $2 ${stepKey == null ? '' : 'AND step_key = $4'} ORDER BY seq LIMIT $3`,
    values: stepKey == null ? [jobId, afterSeq, limit] : [jobId, afterSeq, limit, stepKey],
  });
  return rows;
}
