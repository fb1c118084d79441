import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hrtime } from 'node:process';
import { openContender } from './contenders/contender-process.ts';

const WARM_UP_JOBS = 50;

export interface ProfileShare {
  /** A package, a file of ours, or one of V8's own names. */
  where: string;
  /** Of the time in which the executor was not idle, from 0 to 1. */
  share: number;
}

export interface ExecutorProfile {
  /** The part of the whole time in which the executor's thread had nothing to do. */
  idle: number;
  shares: ProfileShare[];
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  /** Microseconds of the clock that process.hrtime reads, which all processes of a machine share. */
  startTime: number;
  samples: number[];
  timeDeltas: number[];
}

/** Where an executor under load spends its own time. Not part of the timed runs: profiling costs time. */
export async function profileExecutor(
  databaseUrl: string,
  { concurrency, jobs }: { concurrency: number; jobs: number },
): Promise<ExecutorProfile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-profile-'));
  try {
    const process = await openContender('signalbox', { databaseUrl, concurrency, profileFolder: folder });
    await process.runJobs(WARM_UP_JOBS);
    const from = Number(hrtime.bigint() / 1_000n);
    await process.runJobs(jobs);
    const to = Number(hrtime.bigint() / 1_000n);
    await process.close();
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('The executor wrote no profile.');
    const profile: CpuProfile = JSON.parse(await readFile(path.join(folder, file), 'utf8'));
    return summarise(profile, from, to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Between two moments only: its start and its end are not what is asked about. */
function summarise({ nodes, samples, startTime, timeDeltas }: CpuProfile, from: number, to: number): ExecutorProfile {
  const places = new Map(nodes.map(({ callFrame, id }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  let at = startTime;
  samples.forEach((id, index) => {
    const place = places.get(id) ?? '(unknown)';
    const time = timeDeltas[index] ?? 0;
    at += time;
    if (at < from || at > to) return;
    total += time;
    times.set(place, (times.get(place) ?? 0) + time);
  });
  const idle = times.get('(idle)') ?? 0;
  times.delete('(idle)');
  const shares = [...times].map(([where, time]) => ({ where, share: time / (total - idle) }));
  return { idle: idle / total, shares: shares.sort((a, b) => b.share - a.share) };
}

/** Self time is told by package for what others wrote, and by file for what is ours. */
function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url);
  if (installed?.[1]) return installed[1];
  if (url.startsWith('node:')) return url;
  const own = /\/(prisma|packages\/[^/]+|bench)\/src\/(.+)$/.exec(url);
  if (own) return `${own[1]}/${own[2]}`;
  return functionName || '(anonymous)';
}
