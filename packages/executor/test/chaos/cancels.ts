/** Cancels of what is hardest to end: a tree of programs of which one ignores TERM, a request without an answer, a model that streams. */
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SignalSender } from '@signalbox/db/signals';
import type { ProcessStage } from '../process-stage.ts';
import { isAlive } from '../processes.ts';
import { type TestStep, until } from '../stage.ts';
import { type EndlessServer, startEndlessServer } from './endless-server.ts';

const KINDS = ['command', 'tool', 'prompt'] as const;
type Kind = (typeof KINDS)[number];

const PROGRAMS = 4;
const TREE = `trap '' TERM; echo pid $$
  sh -c 'echo pid $$; sh -c "trap \\"\\" TERM; echo pid \\$\\$; while :; do sleep 0.1; done" & wait' &
  setsid sh -c 'echo pid $$; while :; do sleep 0.1; done' &
  while :; do sleep 0.1; done`;

export interface Cancelled {
  kind: Kind;
  /** From the request until the job is CANCELLED. */
  tookMs: number;
  /** Programs of it that lived when it was CANCELLED, and what else is not as it should be. */
  left: string[];
}

export interface CancelsOptions {
  /** Of each kind. */
  each: number;
  force: boolean;
  graceSeconds: number;
}

/** Runs as many jobs at once, and cancels them all when each is in the middle of its work. */
export async function runCancels(
  stage: ProcessStage,
  { each, force, graceSeconds }: CancelsOptions,
): Promise<Cancelled[]> {
  const server = await startEndlessServer();
  const signals = new SignalSender(stage.url);
  const executor = await stage.start('canceller', {
    SIGNALBOX_LEASE_SECONDS: '30',
    SIGNALBOX_CONCURRENCY: String(each * KINDS.length),
    SIGNALBOX_CANCEL_GRACE_SECONDS: String(graceSeconds),
    SIGNALBOX_HTTP_ALLOW: new URL(server.url).host,
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: 'sk-none',
  });
  try {
    const kinds = KINDS.flatMap((kind) => Array.from({ length: each }, () => kind));
    const jobs = await Promise.all(
      kinds.map(async (kind) => ({ kind, id: await stage.queue([stepOf(kind, server)]), programs: [] as number[] })),
    );
    for (const job of jobs) if (job.kind === 'command') job.programs = await programsOf(stage, job.id);
    const waiting = each * (KINDS.length - 1);
    await until(
      'all requests have come',
      () => server.open,
      (open) => open === waiting,
      60_000,
    );
    const asked = performance.now();
    const requests = jobs.map(async ({ id }) => {
      await requestCancel(stage.db, DEFAULT_TENANT_ID, id, force);
      signals.send('control', id);
    });
    const cancelled: Cancelled[] = [];
    const open = new Map(jobs.map((job) => [job.id, job]));
    await until(
      'all jobs are at their ends',
      async () => {
        for (const { id, status } of await endedJobs(stage, [...open.keys()])) {
          const { kind, programs } = open.get(id) ?? { kind: 'command', programs: [] };
          open.delete(id);
          const living = programs.filter(isAlive).map((pid) => `the program ${pid} of job ${id} lives`);
          const left = status === 'CANCELLED' ? living : [...living, `job ${id} is ${status}`];
          cancelled.push({ kind, tookMs: performance.now() - asked, left });
        }
        return open.size;
      },
      (left) => left === 0,
      60_000,
    );
    await Promise.all(requests);
    await until(
      'every connection is closed',
      () => server.open,
      (open) => open === 0,
    );
    return cancelled;
  } finally {
    executor.signal('SIGKILL');
    await executor.exited;
    await Promise.all([server.close(), signals.close()]);
  }
}

/** One look at all of them: were each job watched by itself, the watching would be what takes the time. */
async function endedJobs(stage: ProcessStage, ids: string[]): Promise<{ id: string; status: string }[]> {
  const { rows } = await stage.db.pool.query<{ id: string; status: string }>(
    `SELECT id, status FROM job WHERE id = ANY($1::uuid[]) AND status IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
    [ids],
  );
  return rows;
}

function stepOf(kind: Kind, { url }: EndlessServer): TestStep {
  if (kind === 'command') return { key: 'a', type: 'command', with: { run: TREE } };
  if (kind === 'tool') {
    return { key: 'a', type: 'tool', with: { tool: 'http.request', input: { url: `${url}/silent`, timeout: '5m' } } };
  }
  return { key: 'a', type: 'prompt', with: { model: 'openai/endless', prompt: 'Go on.' } };
}

async function programsOf(stage: ProcessStage, jobId: string): Promise<number[]> {
  const pids = async () =>
    (await stage.lines(jobId)).flatMap(({ message }) => (/^pid \d+$/.test(message) ? [Number(message.slice(4))] : []));
  return until('its programs have said who they are', pids, ({ length }) => length === PROGRAMS, 60_000);
}
