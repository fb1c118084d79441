/** What logs have gained, for who follows their ends. */
import type { Database } from './client.ts';
import { type LogHead, MOST_PAGE_BYTES } from './log-pages.ts';
import type { StoredLogLine } from './logs.ts';

export interface LogPlace {
  jobId: string;
  seq: number;
}

/** The first lines behind a place, and the head of the log as of the same moment. */
export interface LogGrowth extends LogHead {
  lines: StoredLogLine[];
}

interface LineRow extends LogHead, Omit<StoredLogLine, 'seq'> {
  /** Null where nothing lies behind the place; then so is the rest of the line. */
  seq: number | null;
}

/** At most `limit` lines of each log, and not many more bytes than a page has; a job that is missing is deleted. */
export async function readLogGrowth(
  db: Database,
  places: readonly LogPlace[],
  limit: number,
): Promise<Map<string, LogGrowth>> {
  const { rows } = await db.pool.query<LineRow>({
    name: 'read-log-growth',
    text: `
      SELECT c.job_id AS "jobId", c.last_seq AS "lastSeq", job.status, line.seq, line.at, line.level, line.stream,
        line.message, line.step_key AS "stepKey", line.attempt
      FROM unnest($1::uuid[], $2::int[]) AS place(job_id, seq)
      JOIN job ON job.id = place.job_id
      JOIN log_counter c ON c.job_id = place.job_id
      LEFT JOIN LATERAL (
        SELECT *, sum(octet_length(message)) OVER (ORDER BY seq) - octet_length(message) AS bytes_before
        FROM (SELECT * FROM log_line l WHERE l.job_id = place.job_id AND l.seq > place.seq ORDER BY l.seq LIMIT $3) next
      ) line ON line.bytes_before < $4
      ORDER BY c.job_id, line.seq`,
    values: [places.map(({ jobId }) => jobId), places.map(({ seq }) => seq), limit, MOST_PAGE_BYTES],
  });
  const found = new Map<string, LogGrowth>();
  for (const { jobId, lastSeq, status, ...line } of rows) {
    const growth = found.get(jobId) ?? { jobId, lastSeq, status, lines: [] };
    found.set(jobId, growth);
    if (line.seq !== null) growth.lines.push({ ...line, seq: line.seq });
  }
  return found;
}
