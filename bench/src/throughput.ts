import type { BenchServer } from './bench-server.ts';
import { STEPS_PER_JOB } from './contenders/contender.ts';
import { type ContenderName, openContender } from './contenders/contender-process.ts';

export interface ThroughputRun {
  contender: ContenderName;
  stepsPerSecond: number;
  /** CPU milliseconds per job of the contender's processes and of PostgreSQL. */
  clientCpu?: number;
  serverCpu?: number;
  /** Flushes of the write-ahead log per job, the start and the end of the contender included. */
  walFlushes: number;
}

export interface ThroughputPlan {
  /** In the order in which they take turns. */
  databases: ReadonlyMap<ContenderName, string>;
  concurrency: number;
  /** For Signalbox; one unless told. */
  executors?: number;
  jobs: number;
  warmUpJobs: number;
  rounds: number;
}

/** Runs the contenders in turn (A B C A B C …), so that whatever else the machine does meets all of them. */
export async function measureThroughput(server: BenchServer, plan: ThroughputPlan): Promise<ThroughputRun[]> {
  const runs: ThroughputRun[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const [contender, databaseUrl] of plan.databases) {
      const run = await runOnce(server, plan, contender, databaseUrl);
      console.log(`round ${round + 1}: ${contender}, ${Math.round(run.stepsPerSecond)} steps/s`);
      runs.push(run);
    }
  }
  return runs;
}

/** Steps per second of Signalbox by the number of its executors, one figure a round; they take turns as well. */
export async function measureScaleOut(
  server: BenchServer,
  databaseUrl: string,
  { rounds, ...plan }: Pick<ThroughputPlan, 'concurrency' | 'jobs' | 'warmUpJobs' | 'rounds'>,
): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>([
    [1, []],
    [2, []],
  ]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [executors, speeds] of found) {
      const run = await runOnce(server, { ...plan, executors }, 'signalbox', databaseUrl);
      speeds.push(run.stepsPerSecond);
    }
  }
  return found;
}

async function runOnce(
  server: BenchServer,
  { concurrency, executors, jobs, warmUpJobs }: Omit<ThroughputPlan, 'databases' | 'rounds'>,
  contender: ContenderName,
  databaseUrl: string,
): Promise<ThroughputRun> {
  const flushesBefore = await server.walFlushes();
  const process = await openContender(contender, { databaseUrl, concurrency, executors });
  if (warmUpJobs > 0) await process.runJobs(warmUpJobs);
  const [clientBefore, serverBefore] = [await process.cpuMs(), await server.cpuMs()];
  const ms = await process.runJobs(jobs);
  const [clientAfter, serverAfter] = [await process.cpuMs(), await server.cpuMs()];
  await process.close();
  const flushes = (await server.walFlushes()) - flushesBefore;
  return {
    contender,
    stepsPerSecond: (jobs * STEPS_PER_JOB * 1_000) / ms,
    clientCpu: perJob(clientBefore, clientAfter, jobs),
    serverCpu: perJob(serverBefore, serverAfter, jobs),
    walFlushes: flushes / (jobs + warmUpJobs),
  };
}

function perJob(before: number | undefined, after: number | undefined, jobs: number): number | undefined {
  return before === undefined || after === undefined ? undefined : (after - before) / jobs;
}
