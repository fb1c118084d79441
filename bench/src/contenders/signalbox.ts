/** Signalbox: jobs are created through the statement that the API's createJob uses, and run by a real executor process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { createJob } from '@signalbox/db/jobs';
import type { WorkflowVersionRow } from '@signalbox/db/workflows';
import { wallClockMs } from '../measure/wall-clock.ts';
import { CLOCKED, NOTHING, saveSteps, talkative } from './bench-workflows.ts';
import { type Contender, type ContenderOptions, repeat } from './contender.ts';
import { startExecutorProcess } from './executor-process.ts';
import { JobWatch } from './job-watch.ts';
import { OBSERVER } from './observer.ts';
import { serveContender } from './served-contender.ts';

/** How late the end of a run may be noticed: looking costs time that the run would have. */
const LOOK_EVERY_MS = 20;

async function open({ concurrency, databaseUrl, executors = 1, profileFolder }: ContenderOptions): Promise<Contender> {
  const db = openDatabase(databaseUrl, { applicationName: 'signalbox createJob' });
  // What the benchmark itself wants to know must not stand in the way of the jobs, nor be counted as theirs.
  const observer = openDatabase(databaseUrl, { applicationName: OBSERVER, maxConnections: 2 });
  const nothing = await saveSteps(db, 'nothing', NOTHING);
  const clocked = await saveSteps(db, 'clocked', CLOCKED);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'signalbox-bench-'));
  const start = () => startExecutorProcess({ databaseUrl, concurrency, dataDir, profileFolder });
  const processes = await Promise.all(Array.from({ length: executors }, start));
  const watch = new JobWatch(observer);
  await watch.start();

  const create = async (workflow: WorkflowVersionRow) =>
    (await createJob(db, { tenantId: DEFAULT_TENANT_ID, workflow, input: {} })).id;

  return {
    async runJobs(count) {
      await repeat(count, concurrency * executors, () => create(nothing));
      while (await isAnyUnfinished()) await pause(LOOK_EVERY_MS);
      await refuseFailures();
    },
    async runOne() {
      const began = wallClockMs();
      const id = await create(clocked);
      await watch.completed(id);
      const finishedMs = wallClockMs() - began;
      return { finishedMs, startedMs: (await firstStepAt(id)) - began };
    },
    async storeLogLines(count) {
      const id = await create(await saveSteps(db, `talkative-${count}`, talkative(count)));
      await watch.completed(id);
      return logTime(id, count);
    },
    async close() {
      await watch.close();
      await Promise.all(processes.map((executor) => executor.stop()));
      await Promise.all([db.close(), observer.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };

  /** Asked often while others are measured, so by the small index of jobs that are not at their end. */
  async function isAnyUnfinished(): Promise<boolean> {
    const { rows } = await observer.pool.query({
      name: 'any-unfinished',
      text: `SELECT FROM job WHERE tenant_id = $1 AND status IN ('CREATED', 'QUEUED', 'RUNNING', 'WAITING', 'PAUSED') LIMIT 1`,
      values: [DEFAULT_TENANT_ID],
    });
    return rows.length > 0;
  }

  async function refuseFailures(): Promise<void> {
    const { rows } = await observer.pool.query<{ status: string; error: string | null }>(
      `SELECT status, error_message AS error FROM job WHERE status <> 'COMPLETED' LIMIT 1`,
    );
    if (rows[0]) throw new Error(`A job is ${rows[0].status}: ${rows[0].error ?? ''}`);
  }

  async function firstStepAt(id: string): Promise<number> {
    const { rows } = await observer.pool.query<{ at: number }>(
      `SELECT (output->>'at')::float8 AS at FROM job_step WHERE job_id = $1 AND index = 0`,
      [id],
    );
    if (!rows[0]) throw new Error('The first step left no time.');
    return rows[0].at;
  }

  /** From the start of the step to the end of the job, which comes when every line is stored. */
  async function logTime(id: string, expected: number): Promise<number> {
    const { rows } = await observer.pool.query<{ ms: number; lines: number }>(
      `SELECT extract(epoch FROM j.completed_at - s.started_at)::float8 * 1000 AS ms,
         (SELECT count(*)::int FROM log_line l WHERE l.job_id = j.id AND l.stream = 'STDOUT') AS lines
       FROM job j JOIN job_step s ON s.job_id = j.id WHERE j.id = $1`,
      [id],
    );
    const { lines, ms } = rows[0] ?? { ms: 0, lines: 0 };
    if (lines !== expected) throw new Error(`${lines} lines were stored instead of ${expected}.`);
    return ms;
  }
}

serveContender(open);
