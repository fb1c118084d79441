import type { ContenderName } from '../contenders/contender-process.ts';
import { median, percentile } from '../measure/spread.ts';
import type { StatementsPerJob } from '../statements.ts';
import { atLeast, atMost, type Goal, goalRow } from './goal.ts';
import type { Measurements } from './measurements.ts';
import { table } from './table.ts';
import { ratiosToDbos, summarise } from './throughput-report.ts';

/** The connections through which jobs are created and moved; the hints have one of their own. */
const HOT_CONNECTIONS = ['signalbox executor', 'signalbox createJob'];

/** What this version should reach, and whether this run did. */
export function goalTable(found: Measurements): string {
  return table(['Goal', 'should be', 'is', ''], goalsOf(found).map(goalRow));
}

function goalsOf(found: Measurements): Goal[] {
  const { at10, at50, slowFlush, statements } = found;
  const counted = statements.find(({ concurrency, contender }) => contender === 'signalbox' && concurrency === 10);
  if (!counted) throw new Error('The statements of Signalbox were not counted.');
  const own10 = summarise(at10, 'signalbox');
  const own50 = summarise(at50, 'signalbox');
  const finished = (name: ContenderName) => (found.latencies.get(name) ?? []).map(({ finishedMs }) => finishedMs);
  const started = (found.latencies.get('signalbox') ?? []).flatMap(({ startedMs }) => startedMs ?? []);
  return [
    atLeast('Steps/s at 10 jobs, x DBOS', 3, median(ratiosToDbos(at10, 'signalbox'))),
    atLeast('Steps/s at 50 jobs, x DBOS', 4, median(ratiosToDbos(at50, 'signalbox'))),
    atLeast('Steps/s at 50 jobs, x its own at 10', 1, own50.stepsPerSecond / own10.stepsPerSecond),
    atLeast('Steps/s with 2 ms flushes, x DBOS', 1.7, median(ratiosToDbos(slowFlush, 'signalbox'))),
    atMost('WAL flushes per job with 2 ms flushes', 1, summarise(slowFlush, 'signalbox').walFlushes),
    atMost('Statements per job at 10 jobs', 9, counted.total.statements),
    atMost('Commits per job at 10 jobs', 9, counted.total.transactions),
    atMost(
      'PostgreSQL CPU per job, x DBOS',
      0.35,
      (own10.serverCpu ?? Number.NaN) / (summarise(at10, 'dbos').serverCpu ?? Number.NaN),
    ),
    atMost('Transactions of job moves that notify, per job', 0, hotNotifications(counted)),
    atMost('Idle: asked to finished, p50, x DBOS', 0.6, median(finished('signalbox')) / median(finished('dbos'))),
    atMost('Idle: asked to finished, p50, x gw-1x5', 2, median(finished('signalbox')) / median(finished('gw-1x5'))),
    atMost('Idle: asked to first step, p95 ms', 50, percentile(started, 0.95)),
  ];
}

/** Creating a job carries the queue library's own notification; that is told in the text and not counted here. */
function hotNotifications({ notifications }: StatementsPerJob): number {
  return notifications
    .filter(({ channel, sender }) => HOT_CONNECTIONS.includes(sender) && channel !== 'jobs:insert')
    .reduce((total, { count }) => total + count, 0);
}
