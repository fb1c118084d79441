/**
 * The floor: the statements that a durable job of five steps cannot do without, prepared, each committed by itself, from
 * plain pg. One creates the job with its steps, one claims it, one ends each step, one settles the job: eight.
 * No queue, no leases, no fencing, no resuming.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Contender, type ContenderOptions, repeat, STEPS_PER_JOB } from './contender.ts';
import { serveContender } from './served-contender.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS job (id uuid PRIMARY KEY, status text NOT NULL, done int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), completed_at timestamptz);
  CREATE TABLE IF NOT EXISTS step (job_id uuid NOT NULL REFERENCES job, index int NOT NULL, status text NOT NULL,
    output jsonb, completed_at timestamptz, PRIMARY KEY (job_id, index));
  CREATE TABLE IF NOT EXISTS log_line (job_id uuid NOT NULL, seq int NOT NULL, at timestamptz NOT NULL, message text NOT NULL,
    PRIMARY KEY (job_id, seq))`;

const CREATE = `WITH created AS (INSERT INTO job (id, status) VALUES ($1, 'QUEUED') RETURNING id)
  INSERT INTO step (job_id, index, status) SELECT id, index, 'PENDING' FROM created, generate_series(0, $2::int - 1) AS index`;
const CLAIM = `UPDATE job SET status = 'RUNNING' WHERE id = $1 AND status = 'QUEUED'`;
const END_STEP = `WITH ended AS (
    UPDATE step SET status = 'COMPLETED', output = $3, completed_at = now() WHERE job_id = $1 AND index = $2)
  UPDATE job SET done = done + 1 WHERE id = $1`;
const SETTLE = `UPDATE job SET status = 'COMPLETED', completed_at = now() WHERE id = $1 AND status = 'RUNNING'`;
const STORE_LINES = `INSERT INTO log_line (job_id, seq, at, message)
  SELECT $1, seq, at, message FROM unnest($2::int[], $3::timestamptz[], $4::text[]) AS line(seq, at, message)`;
const LINES_PER_STATEMENT = 1_000;

async function open({ concurrency, databaseUrl }: ContenderOptions): Promise<Contender> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: concurrency });
  await pool.query(TABLES);

  const runJob = async () => {
    const id = randomUUID();
    await pool.query({ name: 'create', text: CREATE, values: [id, STEPS_PER_JOB] });
    await pool.query({ name: 'claim', text: CLAIM, values: [id] });
    for (let step = 0; step < STEPS_PER_JOB; step += 1)
      await pool.query({ name: 'end-step', text: END_STEP, values: [id, step, 'null'] });
    await pool.query({ name: 'settle', text: SETTLE, values: [id] });
  };

  return {
    runJobs: (count) => repeat(count, concurrency, runJob),
    async runOne() {
      const began = performance.now();
      await runJob();
      return { finishedMs: performance.now() - began };
    },
    async storeLogLines(count) {
      const id = randomUUID();
      const began = performance.now();
      for (let seq = 1; seq <= count; seq += LINES_PER_STATEMENT) {
        const numbers = Array.from(
          { length: Math.min(LINES_PER_STATEMENT, count - seq + 1) },
          (_, place) => seq + place,
        );
        const at = new Date();
        const values = [
          id,
          numbers,
          numbers.map(() => at),
          numbers.map((n) => `line ${n} of a program that says a lot`),
        ];
        await pool.query({ name: 'store-lines', text: STORE_LINES, values });
      }
      return performance.now() - began;
    },
    close: () => pool.end(),
  };
}

serveContender(open);
