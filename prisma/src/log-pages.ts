/** Pages of a job's log by line number, and how far each log has grown. */
import type { JobStatus, LogLevel } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { escapeLike } from './like-pattern.ts';
import type { StoredLogLine } from './logs.ts';
import { storableText } from './storable.ts';

/** Everything given must hold. Null, absent and an empty list all mean: no restriction. */
export interface LogFilter {
  stepKey?: string | null;
  levels?: readonly LogLevel[] | null;
  /** Part of the message, in any case. */
  search?: string | null;
  /** Number of the first line and of the last, both included. */
  fromSeq?: number | null;
  toSeq?: number | null;
}

export interface LogPageRequest {
  filter: LogFilter;
  afterSeq?: number;
  beforeSeq?: number;
  limit: number;
  /** True reads the tail; the answer is in the order of the log all the same. */
  backward: boolean;
}

function conditions(jobId: string, filter: LogFilter): { where: string[]; values: unknown[] } {
  const values: unknown[] = [jobId];
  const where = ['job_id = $1'];
  if (filter.stepKey != null) where.push(`step_key = $${values.push(storableText(filter.stepKey))}`);
  if (filter.levels?.length) where.push(`level = ANY($${values.push(filter.levels)}::log_level[])`);
  if (filter.search) where.push(`message ILIKE $${values.push(`%${escapeLike(storableText(filter.search))}%`)}`);
  if (filter.fromSeq != null) where.push(`seq >= $${values.push(filter.fromSeq)}`);
  if (filter.toSeq != null) where.push(`seq <= $${values.push(filter.toSeq)}`);
  return { where, values };
}

export interface LogPage {
  lines: StoredLogLine[];
  /** Whether matching lines follow in the direction of reading. */
  more: boolean;
}

/** A page ends early once its messages have so many bytes: lines may be long, and an answer must not be. */
export const MOST_PAGE_BYTES = 2 * 1024 * 1024;

export async function readLogPage(db: Database, jobId: string, request: LogPageRequest): Promise<LogPage> {
  const { where, values } = conditions(jobId, request.filter);
  if (request.afterSeq !== undefined) where.push(`seq > $${values.push(request.afterSeq)}`);
  if (request.beforeSeq !== undefined) where.push(`seq < $${values.push(request.beforeSeq)}`);
  const direction = request.backward ? 'DESC' : 'ASC';
  // One line more is looked at, without its text, to know whether the page is the last.
  const { rows } = await db.pool.query<StoredLogLine & { found: number }>(
    `SELECT seq, at, level, stream, message, step_key AS "stepKey", attempt, found FROM (
       SELECT *, (count(*) OVER ())::int AS found, row_number() OVER (ORDER BY seq ${direction}) AS place,
         sum(octet_length(message)) OVER (ORDER BY seq ${direction}) - octet_length(message) AS bytes_before
       FROM (SELECT * FROM log_line WHERE ${where.join(' AND ')}
             ORDER BY seq ${direction} LIMIT $${values.push(request.limit + 1)}) line
     ) page
     WHERE place <= $${values.push(request.limit)} AND bytes_before < $${values.push(MOST_PAGE_BYTES)} ORDER BY seq ${direction}`,
    values,
  );
  const more = (rows[0]?.found ?? 0) > rows.length;
  const lines = rows.map(({ found: _found, ...line }) => line);
  return { lines: request.backward ? lines.reverse() : lines, more };
}

/** Lines read at once for who wants all of them. */
const BATCH = 2_000;

/** All matching lines in order, read a batch at a time when the last one was taken. Throws when the job is deleted meanwhile. */
export async function* readLogBatches(db: Database, jobId: string, filter: LogFilter): AsyncGenerator<StoredLogLine[]> {
  for (let afterSeq = 0, more = true; more; ) {
    const page = await readLogPage(db, jobId, { filter, afterSeq, limit: BATCH, backward: false });
    if (afterSeq > 0 && page.lines.length === 0)
      throw new Error(`the log of the job ${jobId} was deleted while it was read`);
    yield page.lines;
    afterSeq = page.lines.at(-1)?.seq ?? afterSeq;
    more = page.more;
  }
}

/** How many lines match. Without a filter this is the last number given, and costs one row. */
export async function countLogLines(db: Database, jobId: string, filter: LogFilter): Promise<number> {
  const { where, values } = conditions(jobId, filter);
  const { rows } = await db.pool.query<{ count: number }>(
    where.length === 1
      ? 'SELECT last_seq AS count FROM log_counter WHERE job_id = $1'
      : `SELECT count(*)::int AS count FROM log_line WHERE ${where.join(' AND ')}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

/** How many matching lines come before a number. */
export async function countLogLinesBefore(
  db: Database,
  jobId: string,
  filter: LogFilter,
  seq: number,
): Promise<number> {
  const { where, values } = conditions(jobId, filter);
  where.push(`seq < $${values.push(seq)}`);
  const { rows } = await db.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM log_line WHERE ${where.join(' AND ')}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

/**
 * The first line that was written at a moment or later, found by halving: lines stand in the order in which they were written,
 * but for what clocks of different workers differ by.
 */
export async function findLogLineAt(db: Database, jobId: string, at: Date): Promise<number | undefined> {
  const { rows } = await db.pool.query<{ seq: number }>({
    name: 'find-log-line-at',
    text: `
      WITH RECURSIVE halved AS (
        SELECT 1 AS low, last_seq + 1 AS high FROM log_counter WHERE job_id = $1
        UNION ALL
        SELECT CASE WHEN line.at < $2 THEN middle.seq + 1 ELSE low END, CASE WHEN line.at < $2 THEN high ELSE middle.seq END
        FROM halved, LATERAL (SELECT (low + high) / 2 AS seq) AS middle
          JOIN log_line line ON line.job_id = $1 AND line.seq = middle.seq
        WHERE low < high
      )
      SELECT low AS seq FROM halved JOIN log_line line ON line.job_id = $1 AND line.seq = low WHERE low = high`,
    values: [jobId, at],
  });
  return rows[0]?.seq;
}

export interface LogHead {
  jobId: string;
  lastSeq: number;
  status: JobStatus;
}

/**
 * The number of the last line and the status of a job, as of one moment: a job that is final here writes nothing behind this
 * number. Undefined when the job is deleted.
 */
export async function readLogHead(db: Database, jobId: string): Promise<LogHead | undefined> {
  const { rows } = await db.pool.query<LogHead>({
    name: 'read-log-head',
    text: `SELECT job.id AS "jobId", c.last_seq AS "lastSeq", job.status
           FROM job JOIN log_counter c ON c.job_id = job.id WHERE job.id = $1`,
    values: [jobId],
  });
  return rows[0];
}
