/** How soon watchers hear of a change behind its commit: many lists by filters, and very many watchers of one job. */
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@signalbox/db/client';
import { claimJob } from '@signalbox/db/executions';
import { DEFAULT_TENANT_ID, newId } from '@signalbox/db/ids';
import type { JobChange } from '@signalbox/db/job-change';
import { createJob } from '@signalbox/db/jobs';
import { recordChanges } from '@signalbox/db/progress';
import { SignalSender } from '@signalbox/db/signals';
import { NOTHING, saveSteps } from '../contenders/bench-workflows.ts';
import { residentMib } from '../measure/process-memory.ts';
import { percentile } from '../measure/spread.ts';
import { wallClockMs } from '../measure/wall-clock.ts';
import { startApi } from './api-process.ts';
import type { Heard, WatchersRequest } from './job-watchers.ts';
import { openProgram } from './served.ts';

export interface LiveDelays {
  name: string;
  watchers: number;
  heard: number;
  /** Changes that nobody was told of by themselves, since a later one of the same job came at once. */
  merged: number;
  p50: number;
  p95: number;
  p99: number;
  /** How much more the API had in memory at the end than once everybody watched. */
  grownMib: number;
}

const JOB = 'job { id status progress { percent } }';
const BY_FILTER = `subscription ($filter: JobFilter) { jobUpdated(filter: $filter) { cursor ${JOB} } }`;
const BY_ID = `subscription ($id: ID) { jobUpdated(id: $id) { cursor ${JOB} } }`;
const SETTLE_MS = 1_500;

/** 50 watchers, five to each of ten filters, while so many jobs a minute come, start and end. */
export function measureLists(
  databaseUrl: string,
  { jobsPerMinute, seconds }: { jobsPerMinute: number; seconds: number },
) {
  const filters = Array.from({ length: 10 }, (_, index) =>
    index < 5 ? { labels: [`l${index}`] } : { status: ['QUEUED', 'RUNNING', 'COMPLETED'], labels: [`l${index - 5}`] },
  );
  const watches = Array.from({ length: 50 }, (_, index) => ({
    query: BY_FILTER,
    variables: { filter: filters[index % filters.length] },
  }));
  return measure('50 lists of 10 filters', databaseUrl, watches, async (moves) => {
    const between = 60_000 / jobsPerMinute;
    const jobs: Promise<void>[] = [];
    for (let made = 0; made < (seconds * 1_000) / between; made += 1) {
      jobs.push(moves.wholeLife(`l${made % 5}`, between * 4));
      await pause(between);
    }
    await Promise.all(jobs);
  });
}

/** So many watchers of one job, which tells its progress ten times a second. */
export async function measureOneJob(databaseUrl: string, { watchers, seconds }: { watchers: number; seconds: number }) {
  const moves = await openMoves(databaseUrl);
  const id = await moves.create('one');
  await moves.close();
  const watches = Array.from({ length: watchers }, () => ({ query: BY_ID, variables: { id } }));
  return measure(`${watchers} watchers of one job`, databaseUrl, watches, async (own) => {
    await own.claim(id);
    for (let done = 1; done <= seconds * 10; done += 1) {
      await own.progress(id, (done * 100) / (seconds * 10 + 1));
      await pause(100);
    }
  });
}

type Moves = Awaited<ReturnType<typeof openMoves>>;

async function openMoves(databaseUrl: string) {
  const db = openDatabase(databaseUrl, { applicationName: 'bench moves', maxConnections: 4 });
  const signals = new SignalSender(databaseUrl);
  const workflow = await saveSteps(db, 'one-step', NOTHING.slice(0, 1));
  const epochs = new Map<string, number>();
  /** When each state was committed at the latest. */
  const committed = new Map<string, number>();
  const note = (id: string, status: string, percent: number) => {
    committed.set(`${id}/${status}/${percent}`, wallClockMs());
    signals.send('changed', id);
  };
  const record = async (id: string, change: Partial<JobChange>) => {
    const common = { jobId: id, epoch: epochs.get(id) ?? 0, completedSteps: 0, currentStepKey: null, stepPercent: 0 };
    await recordChanges(db, [{ ...common, ...change }]);
  };
  const moves = {
    committed,
    async create(label: string): Promise<string> {
      const { id } = await createJob(db, { tenantId: DEFAULT_TENANT_ID, workflow, input: {}, labels: [label] });
      note(id, 'QUEUED', 0);
      return id;
    },
    async claim(id: string): Promise<void> {
      const job = await claimJob(db, id, { workerId: newId(), workerName: 'bench', leaseSeconds: 600 });
      epochs.set(id, job?.epoch ?? 0);
      note(id, 'RUNNING', 0);
    },
    async progress(id: string, percent: number): Promise<void> {
      await record(id, { stepPercent: percent });
      note(id, 'RUNNING', Math.round(percent));
    },
    async wholeLife(label: string, betweenMs: number): Promise<void> {
      const id = await moves.create(label);
      await pause(betweenMs);
      await moves.claim(id);
      await pause(betweenMs);
      await record(id, { completedSteps: 1, settled: { status: 'COMPLETED', output: null, error: null } });
      note(id, 'COMPLETED', 100);
    },
    async close(): Promise<void> {
      await signals.close();
      await db.close();
    },
  };
  return moves;
}

async function measure(
  name: string,
  databaseUrl: string,
  watches: Extract<WatchersRequest, { kind: 'open' }>['watches'],
  act: (moves: Moves) => Promise<void>,
): Promise<LiveDelays> {
  const [api, moves] = await Promise.all([startApi(databaseUrl), openMoves(databaseUrl)]);
  const watchers = openProgram<WatchersRequest, Heard[]>('job-watchers.ts');
  try {
    await watchers.ask({ kind: 'open', url: `${api.url.replace('http', 'ws')}/graphql`, watches });
    await pause(SETTLE_MS);
    await watchers.ask({ kind: 'take' });
    const before = (await residentMib(api.pid)) ?? Number.NaN;
    await act(moves);
    await pause(SETTLE_MS);
    const heard = await watchers.ask({ kind: 'take' });
    const delays = heard.flatMap(([state, at]) => {
      const since = moves.committed.get(state);
      return since === undefined ? [] : [at - since];
    });
    const states = new Set(heard.map(([state]) => state));
    return {
      name,
      watchers: watches.length,
      heard: delays.length,
      merged: [...moves.committed.keys()].filter((state) => !states.has(state)).length,
      p50: percentile(delays, 0.5),
      p95: percentile(delays, 0.95),
      p99: percentile(delays, 0.99),
      grownMib: ((await residentMib(api.pid)) ?? Number.NaN) - before,
    };
  } finally {
    await watchers.stop();
    await api.stop();
    await moves.close();
  }
}
