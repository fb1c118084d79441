/**
 * The queue library on its own: one task for each job, which stores five results one by one. Jobs are asked for and run by the
 * same process, and nothing resumes: what a queue and five rows cost at least.
 */
import { randomUUID } from 'node:crypto';
import { Logger, makeWorkerUtils, type Runner, run } from 'graphile-worker';
import pg from 'pg';
import { type Contender, type ContenderOptions, repeat, STEPS_PER_JOB } from './contender.ts';
import { serveContender } from './served-contender.ts';

const RESULTS = `CREATE TABLE IF NOT EXISTS result (job_id uuid NOT NULL, index int NOT NULL, output jsonb,
  completed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (job_id, index))`;
const STORE = 'INSERT INTO result (job_id, index, output) VALUES ($1, $2, $3)';

const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});

async function open({ concurrency, databaseUrl }: ContenderOptions): Promise<Contender> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: concurrency + 1 });
  // The library wants both of them heard.
  pool.on('error', (error) => console.error(error));
  pool.on('connect', (client) => client.on('error', (error) => console.error(error)));
  await pool.query(RESULTS);
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const waiting = new Map<string, () => void>();

  const fiveResults = async (payload: unknown) => {
    const { id } = payload as { id: string };
    for (let step = 0; step < STEPS_PER_JOB; step += 1)
      await pool.query({ name: 'store-result', text: STORE, values: [id, step, 'null'] });
    waiting.get(id)?.();
    waiting.delete(id);
  };
  const runner: Runner = await run({
    pgPool: pool,
    concurrency,
    logger,
    noHandleSignals: true,
    taskList: { 'five-results': fiveResults },
  });

  const runJob = async () => {
    const id = randomUUID();
    const finished = new Promise<void>((resolve) => waiting.set(id, resolve));
    await utils.addJob('five-results', { id });
    await finished;
  };

  return {
    runJobs: (count) => repeat(count, concurrency, runJob),
    async runOne() {
      const began = performance.now();
      await runJob();
      return { finishedMs: performance.now() - began };
    },
    async close() {
      await runner.stop();
      await utils.release();
      await pool.end();
    },
  };
}

serveContender(open);
