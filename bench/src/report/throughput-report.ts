import type { ContenderName } from '../contenders/contender-process.ts';
import { median } from '../measure/spread.ts';
import type { ThroughputRun } from '../throughput.ts';
import { figure, table } from './table.ts';

/** The medians of one contender's runs. */
export interface ThroughputSummary {
  stepsPerSecond: number;
  clientCpu?: number;
  serverCpu?: number;
  walFlushes: number;
}

export function summarise(runs: readonly ThroughputRun[], contender: ContenderName): ThroughputSummary {
  const own = runs.filter((run) => run.contender === contender);
  const middle = (pick: (run: ThroughputRun) => number | undefined) => {
    const values = own.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  return {
    stepsPerSecond: median(own.map((run) => run.stepsPerSecond)),
    clientCpu: middle((run) => run.clientCpu),
    serverCpu: middle((run) => run.serverCpu),
    walFlushes: median(own.map((run) => run.walFlushes)),
  };
}

/** The ratio to DBOS of each round, in their order. */
export function ratiosToDbos(runs: readonly ThroughputRun[], contender: ContenderName): number[] {
  const speeds = (name: ContenderName) => runs.filter((run) => run.contender === name).map((run) => run.stepsPerSecond);
  const peer = speeds('dbos');
  return speeds(contender).map((speed, round) => speed / (peer[round] ?? Number.NaN));
}

export function throughputTable(runs: readonly ThroughputRun[]): string {
  const contenders = [...new Set(runs.map((run) => run.contender))];
  const rows = contenders.map((contender) => {
    const speeds = runs.filter((run) => run.contender === contender).map((run) => run.stepsPerSecond);
    const ratios = ratiosToDbos(runs, contender);
    const { clientCpu, serverCpu, stepsPerSecond, walFlushes } = summarise(runs, contender);
    return [
      contender,
      figure(Math.min(...speeds)),
      figure(stepsPerSecond),
      figure(Math.max(...speeds)),
      `${figure(median(ratios))} (${figure(Math.min(...ratios))} to ${figure(Math.max(...ratios))})`,
      figure(clientCpu),
      figure(serverCpu),
      figure(walFlushes),
    ];
  });
  const head = [
    '',
    'steps/s min',
    'median',
    'max',
    'x DBOS',
    'CPU ms/job, own',
    'CPU ms/job, PostgreSQL',
    'WAL flushes/job',
  ];
  return table(head, rows);
}
