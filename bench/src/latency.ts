import type { Latency } from './contenders/contender.ts';
import { type ContenderName, openContender } from './contenders/contender-process.ts';

const WARM_UP_JOBS = 30;

/** Latencies of single jobs on a system at rest, by contender; the contenders take turns. */
export async function measureLatency(
  databases: ReadonlyMap<ContenderName, string>,
  { jobs, rounds }: { jobs: number; rounds: number },
): Promise<Map<ContenderName, Latency[]>> {
  const found = new Map<ContenderName, Latency[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [contender, databaseUrl] of databases) {
      const process = await openContender(contender, { databaseUrl, concurrency: 10 });
      await process.runJobs(WARM_UP_JOBS);
      const latencies = await process.measureLatencies(Math.ceil(jobs / rounds));
      found.set(contender, [...(found.get(contender) ?? []), ...latencies]);
      await process.close();
    }
  }
  return found;
}
