/** Lines of one log to many sockets: the real API beside a floor without GraphQL and beside GraphQL as manuals show it. */
import { cpuOfTree } from '../measure/process-cpu.ts';
import { residentMib } from '../measure/process-memory.ts';
import { percentile } from '../measure/spread.ts';
import { wallClockMs } from '../measure/wall-clock.ts';
import { startApi } from './api-process.ts';
import type { ReadersRequest, Reading } from './line-readers.ts';
import type { LineServerRequest } from './line-server.ts';
import type { Production } from './produced-line.ts';
import { openProgram, type Program } from './served.ts';
import type { SignalboxLinesRequest } from './signalbox-lines.ts';

export const FAN_OUT_CONTENDERS = ['signalbox', 'corked', 'yoga'] as const;
export type FanOutContender = (typeof FAN_OUT_CONTENDERS)[number];

export interface FanOutCell {
  perSecond: number;
  sockets: number;
}

export interface FanOutRun extends FanOutCell {
  contender: FanOutContender;
  deliveredPerSecond: number;
  delayP50: number;
  delayP99: number;
  /** Microseconds of the server for a delivered line. */
  cpu: number | undefined;
  memoryMib: number | undefined;
  /** Not delivered at the end of the time. */
  missing: number;
  faults: number;
}

/** How long lines are made for, unless that would be more deliveries than a contender gets done. */
const PRODUCE_SECONDS = 2;
const MOST_DELIVERIES: Record<FanOutContender, number> = { signalbox: 4e6, corked: 4e6, yoga: 1e5 };
/** The subscriptions of Yoga end their process when more wait for one subscriber. */
const MOST_LINES_OF_YOGA = 900;
/** So many lines come first, or as many as a contender gets done: what is asked is how it runs, not how it starts. */
const WARM_UP_LINES = 1_000;
const LEAST_LINES = 100;
const WITHIN_MS = 60_000;

const FIELDS = 'seq at level stream stepKey message';
const YOGA_OPERATION = { query: `subscription { lineLogged { ${FIELDS} } }` };
const SIGNALBOX_QUERY = `subscription ($id: ID!) { stepLogged(jobId: $id) { cursor lines { ${FIELDS} } } }`;

type Readers = Program<ReadersRequest, Reading>;

/** Somebody who serves lines. */
interface LineServer {
  port: number;
  pid: number;
  operation?: { query: string; variables?: object };
  produce(production: Production): Promise<unknown>;
  stop(): Promise<void>;
}

let runs = 0;

async function openSignalbox(databaseUrl: string, profileFolder?: string): Promise<LineServer> {
  const [api, lines] = [
    await startApi(databaseUrl, profileFolder),
    openProgram<SignalboxLinesRequest, string>('signalbox-lines.ts'),
  ];
  await lines.ask({ kind: 'open', databaseUrl });
  const id = await lines.ask({ kind: 'job' });
  return {
    port: api.port,
    pid: api.pid,
    operation: { query: SIGNALBOX_QUERY, variables: { id } },
    produce: (production) => lines.ask({ kind: 'produce', ...production }),
    async stop() {
      await Promise.all([api.stop(), lines.stop()]);
    },
  };
}

async function openRaw(file: string, databaseUrl: string, operation?: LineServer['operation']): Promise<LineServer> {
  const program = openProgram<LineServerRequest, number>(file);
  runs += 1;
  const run = runs;
  return {
    port: await program.ask({ kind: 'open', databaseUrl }),
    pid: program.pid,
    operation,
    produce: (production) => program.ask({ kind: 'produce', run, ...production }),
    stop: () => program.stop(),
  };
}

function openServer(contender: FanOutContender, databaseUrl: string, profileFolder?: string): Promise<LineServer> {
  if (contender === 'signalbox') return openSignalbox(databaseUrl, profileFolder);
  if (contender === 'corked') return openRaw('corked-server.ts', databaseUrl);
  return openRaw('yoga-server.ts', databaseUrl, YOGA_OPERATION);
}

/** One contender in one cell, in processes of its own. */
export async function runFanOut(
  contender: FanOutContender,
  databaseUrl: string,
  { perSecond, sockets }: FanOutCell,
  profileFolder?: string,
): Promise<FanOutRun> {
  const most = contender === 'yoga' ? MOST_LINES_OF_YOGA : perSecond * PRODUCE_SECONDS;
  const possible = Math.max(LEAST_LINES, MOST_DELIVERIES[contender] / sockets);
  const lines = Math.min(most, possible);
  const warmUpLines = Math.min(WARM_UP_LINES, possible);
  const server = await openServer(contender, databaseUrl, profileFolder);
  const readers: Readers = openProgram('line-readers.ts');
  const wait = (all: number) => readers.ask({ kind: 'wait', lines: all, withinMs: WITHIN_MS });
  try {
    await readers.ask({ kind: 'open', port: server.port, count: sockets, operation: server.operation });
    await server.produce({ from: 1, lines: warmUpLines, perSecond: 1_000 });
    const warm = await wait(warmUpLines);
    const cpuBefore = await cpuOfTree(server.pid);
    const began = wallClockMs();
    await server.produce({ from: warmUpLines + 1, lines, perSecond });
    const found = await wait(warmUpLines + lines);
    const cpuAfter = await cpuOfTree(server.pid);
    const deliveries = found.deliveries - warm.deliveries;
    const delays = found.delays.slice(warmUpLines);
    return {
      contender,
      perSecond,
      sockets,
      deliveredPerSecond: (deliveries * 1_000) / (found.lastAt - began),
      delayP50: percentile(delays, 0.5),
      delayP99: percentile(delays, 0.99),
      cpu:
        cpuBefore === undefined || cpuAfter === undefined ? undefined : ((cpuAfter - cpuBefore) * 1_000) / deliveries,
      memoryMib: await residentMib(server.pid),
      missing: lines * sockets - deliveries,
      faults: found.faults,
    };
  } finally {
    await readers.stop();
    await server.stop();
  }
}

/** Every contender in every cell, taking turns. */
export async function measureFanOut(
  databaseUrl: string,
  { cells, rounds }: { cells: readonly FanOutCell[]; rounds: number },
): Promise<FanOutRun[]> {
  const found: FanOutRun[] = [];
  for (const cell of cells) {
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of FAN_OUT_CONTENDERS) found.push(await runFanOut(contender, databaseUrl, cell));
    }
  }
  return found;
}
