import type { BenchServer } from '../bench-server.ts';
import { describeApiMachine } from '../machine.ts';
import { type FanOutCell, type FanOutRun, measureFanOut } from './fan-out.ts';
import { measureListPage, type PageRun } from './list-page.ts';
import { type LiveDelays, measureLists, measureOneJob } from './live-jobs.ts';
import { fillWithJobs } from './many-jobs.ts';
import { measureOverload, type Overload } from './overload.ts';

export interface ApiMeasurements {
  machine: [name: string, value: string][];
  fanOut: FanOutRun[];
  listPage: PageRun[];
  lists: LiveDelays;
  oneJob: LiveDelays;
  overload: Overload;
}

const CELLS: FanOutCell[] = [1_000, 10_000].flatMap((perSecond) =>
  [1, 100, 1_000].map((sockets) => ({ perSecond, sockets })),
);
const ROUNDS = 1;
const JOBS = 100_000;
const DEPTH = 5_000;

export async function measureApi(server: BenchServer): Promise<ApiMeasurements> {
  const machine: ApiMeasurements['machine'] = [
    ...describeApiMachine(server),
    ['Measured', `${ROUNDS} of each fan-out, 3 times 4 seconds of each page`],
  ];
  const [own, full] = [
    await server.makeDatabase('signalbox', 'api-live'),
    await server.makeDatabase('signalbox', 'api-list'),
  ];
  const fanOut = await measureFanOut(own, { cells: CELLS, rounds: ROUNDS });
  const lists = await measureLists(own, { jobsPerMinute: 500, seconds: 20 });
  const oneJob = await measureOneJob(own, { watchers: 1_000, seconds: 5 });
  const overload = await measureOverload(own, { sockets: 100, perSecond: 10_000, seconds: 3 });
  await fillWithJobs(full, JOBS);
  const listPage = await measureListPage(full, { depth: DEPTH, rounds: 3, seconds: 4 });
  return { machine, fanOut, listPage, lists, oneJob, overload };
}
