/** One seeded schedule: jobs, and everything that may happen to them and to the executors that run them. */
import { setTimeout as pause } from 'node:timers/promises';
import { requestCancel } from '@signalbox/db/cancel';
import type { Database } from '@signalbox/db/client';
import { ConflictError } from '@signalbox/db/failures';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { requestPause } from '@signalbox/db/pause';
import { setJobPriority } from '@signalbox/db/priority';
import { resumeJob, retryJob } from '@signalbox/db/requeue';
import type { SignalSender } from '@signalbox/db/signals';
import type { ProcessStage } from '../process-stage.ts';
import { LEASE_SECONDS, type Machine } from './executors.ts';
import type { Ledger } from './ledger.ts';
import { Random } from './random.ts';

/** A job at which nothing moves for so long beyond the lease is stuck. */
const STUCK_AFTER_MS = LEASE_SECONDS * 1_000 + 15_000;
const LOOK_MS = 100;

export interface ChaosParts extends Pick<ProcessStage, 'db' | 'violations'> {
  signals: SignalSender;
  ledger: Ledger;
  machines: readonly [Machine, Machine];
  createJob(random: Random): Promise<string>;
}

export interface ScheduleSize {
  jobs: number;
  /** How long machines and jobs are harmed. */
  harmMs: number;
}

export interface ScheduleReport {
  violations: string[];
  /** How many jobs ended in which state. */
  ends: Record<string, number>;
  /** What was done to the machines, in its order. */
  harm: string[];
}

export async function runSchedule(parts: ChaosParts, seed: number, size: ScheduleSize): Promise<ScheduleReport> {
  const random = new Random(seed);
  const { db, ledger, machines, violations: check } = parts;
  await Promise.all(machines.map((machine) => machine.heal()));
  const jobs: string[] = [];
  const until = performance.now() + size.harmMs;
  const [, ...harm] = await Promise.all([
    create(parts, new Random(random.next() * 2 ** 32), jobs, size),
    ...machines.map((machine) => harmMachine(machine, new Random(random.next() * 2 ** 32), until)),
    steer(parts, new Random(random.next() * 2 ** 32), jobs, until),
  ]);
  await Promise.all(machines.map((machine) => machine.heal()));
  const stuck = await settle(parts);
  const violations = [
    ...stuck,
    ...(await check({ acknowledged: jobs.map((jobId) => ({ jobId })) })),
    ...(await ledger.check(db)),
  ];
  const ends = await countEnds(db);
  // Where nearly every job fails, nothing is proved by what did not happen.
  const { COMPLETED: completed = 0 } = ends;
  if (completed < jobs.length / 2) violations.push(`only ${completed} of ${jobs.length} jobs completed`);
  await forgetJobs(db);
  await ledger.forget();
  return { violations, ends, harm: harm.flat() };
}

async function create(
  { createJob }: ChaosParts,
  random: Random,
  jobs: string[],
  { harmMs, jobs: count }: ScheduleSize,
) {
  // Half of them are there when the harm begins.
  for (let made = 0; made < count; made += 1) {
    jobs.push(await createJob(random));
    if (made > count / 2) await pause(harmMs / count);
  }
}

async function harmMachine(machine: Machine, random: Random, until: number): Promise<string[]> {
  const done: string[] = [];
  while (performance.now() < until) {
    await pause(random.between(100, 1_200));
    done.push(await machine.harm(random));
  }
  return done;
}

/** What people do to jobs. That a job's state forbids it is no failure. */
async function steer(
  { db, signals }: ChaosParts,
  random: Random,
  jobs: readonly string[],
  until: number,
): Promise<string[]> {
  while (performance.now() < until) {
    await pause(random.between(10, 80));
    const id = jobs[random.between(0, Math.max(0, jobs.length - 1))];
    if (id === undefined) continue;
    const verb = random.pick(['cancel', 'force', 'pause', 'pause', 'resume', 'resume', 'retry', 'priority']);
    try {
      if (verb === 'cancel' || verb === 'force') await requestCancel(db, DEFAULT_TENANT_ID, id, verb === 'force');
      if (verb === 'pause') await requestPause(db, DEFAULT_TENANT_ID, id);
      if (verb === 'resume') await resumeJob(db, DEFAULT_TENANT_ID, id);
      if (verb === 'retry') await retryJob(db, DEFAULT_TENANT_ID, id);
      if (verb === 'priority') await setJobPriority(db, DEFAULT_TENANT_ID, id, random.pick(['LOW', 'CRITICAL']));
      signals.send('control', id);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  return [];
}

/** Waits for the end of every job, as long as something moves. Returns those that are stuck. */
async function settle({ db }: ChaosParts): Promise<string[]> {
  let last = '';
  for (let movedAt = performance.now(); ; ) {
    const { rows } = await db.pool.query<{ id: string; status: string; pausing: boolean; moved: string }>(
      `SELECT id, status, pause_requested_at IS NOT NULL AS pausing, updated_at::text AS moved FROM job
       WHERE status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') ORDER BY id`,
    );
    if (rows.length === 0) return [];
    for (const { id, pausing, status } of rows) {
      if (status !== 'PAUSED' && !pausing) continue;
      await resumeJob(db, DEFAULT_TENANT_ID, id).catch((error: unknown) => {
        if (!(error instanceof ConflictError)) throw error;
      });
    }
    const now = JSON.stringify(rows);
    if (now !== last) movedAt = performance.now();
    else if (performance.now() - movedAt > STUCK_AFTER_MS)
      return rows.map(({ id, status }) => `job ${id} is stuck: ${status}`);
    last = now;
    await pause(LOOK_MS);
  }
}

async function countEnds(db: Database): Promise<Record<string, number>> {
  const { rows } = await db.pool.query<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM job GROUP BY status ORDER BY status',
  );
  return Object.fromEntries(rows.map(({ count, status }) => [status, count]));
}

/** So that the next schedule begins with nothing. */
async function forgetJobs(db: Database): Promise<void> {
  await db.pool.query('DELETE FROM job');
  await db.pool.query('DELETE FROM job_event');
}
