/** `node bench/src/web/fill-log.ts JOB LINES` with DATABASE_URL: a job with a very long log, to look at in the app. */
import pg from 'pg';

/** Lines written by one statement. */
const BATCH = 100_000;

/**
 * Gives a job that has ended a log of so many lines, as a chatty step would have left it: colours, every level, a line
 * with `needle` in each 100,000.
 */
async function fillLog(databaseUrl: string, jobId: string, lines: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let from = await lastLine(client, jobId); from < lines; from += BATCH) {
      await client.query(
        `INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message, step_key, attempt)
         SELECT job.id, n, job.tenant_id, job.started_at + n * interval '3 milliseconds',
           (CASE WHEN n % 997 = 0 THEN 'ERROR' WHEN n % 131 = 0 THEN 'WARNING' WHEN n % 7 = 0 THEN 'DEBUG' ELSE 'INFO' END)::log_level,
           'STDOUT',
           CASE WHEN n % 100000 = 0 THEN 'a needle in line ' || n
             ELSE E'\\x1b[36mworker ' || n % 16 || E'\\x1b[0m ' || repeat('handled a request ', 1 + (n % 5)::int) || n END,
           (SELECT key FROM job_step s WHERE s.job_id = job.id ORDER BY index LIMIT 1), 1
         FROM job, generate_series($2::int, $3::int) n WHERE job.id = $1`,
        [jobId, from + 1, Math.min(lines, from + BATCH)],
      );
    }
    await client.query('UPDATE log_counter SET last_seq = $2 WHERE job_id = $1', [jobId, lines]);
    await client.query('ANALYZE log_line');
  } finally {
    await client.end();
  }
}

async function lastLine(client: pg.Client, jobId: string): Promise<number> {
  const { rows } = await client.query<{ last: number }>('SELECT last_seq AS last FROM log_counter WHERE job_id = $1', [
    jobId,
  ]);
  return rows[0]?.last ?? 0;
}

const { DATABASE_URL = '' } = process.env;
const [jobId = '', lines = '1000000'] = process.argv.slice(2);
await fillLog(DATABASE_URL, jobId, Number(lines));
