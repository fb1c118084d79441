import { median, percentile } from '../measure/spread.ts';
import type { StatementsPerJob } from '../statements.ts';
import { goalTable } from './goals.ts';
import type { Measurements } from './measurements.ts';
import { figure, table } from './table.ts';
import { throughputTable } from './throughput-report.ts';

const PROFILE_ROWS = 14;

/** The whole of bench/results.md. */
export function results(found: Measurements): string {
  return `# What \`npm run bench\` found

Written by the benchmark; run it again on your own machine. Contenders take turns within each table, so compare the figures
of one run and not those of two. Client, executor and database share the machine.

${table(['', ''], found.machine)}

- **signalbox**: jobs are created through the statement behind \`createJob\` and run by a real executor process.
- **dbos**: a registered workflow of five \`DBOS.runStep\`, called in-process.
- **gw-1x5**: the queue library alone, one task a job that stores five results one by one; for the latency at rest.
- **raw-sql**: eight prepared statements per job from plain pg, each its own commit; no queue, no leases, no resuming.

## Goals

${goalTable(found)}

## Throughput: jobs of five steps that do nothing

Ten at a time:

${throughputTable(found.at10)}

Fifty at a time:

${throughputTable(found.at50)}

Ten at a time, each flush of a commit waiting 2 ms (\`commit_delay\`), as on an ordinary disk:

${throughputTable(found.slowFlush)}

Ten at a time in each executor process, all processes and the database on the same cores:

${table(['executors', 'steps/s min', 'median', 'max'], speedRows(found.scaleOut))}

## One job at a time, milliseconds

${latencyTable(found)}

## Statements and commits per job, counted on the wire

${statementTable(found.statements)}

${found.statements
  .filter(({ contender }) => contender === 'signalbox')
  .map(connectionTable)
  .join('\n\n')}

## Output of one program, stored

${table(['', 'lines/s min', 'median', 'max'], speedRows(found.logIngest))}

## Where the executor spends its own time

Fifty jobs at a time, self time by file or package; its thread was idle for ${percent(found.profile.idle)} of the run.

${table(
  ['', 'share'],
  found.profile.shares.slice(0, PROFILE_ROWS).map(({ share, where }) => [where, percent(share)]),
)}
`;
}

function speedRows(speeds: ReadonlyMap<unknown, readonly number[]>): string[][] {
  return [...speeds].map(([name, found]) => [
    String(name),
    figure(Math.min(...found)),
    figure(median(found)),
    figure(Math.max(...found)),
  ]);
}

function latencyTable({ latencies }: Measurements): string {
  const rows = [...latencies].flatMap(([contender, samples]) => {
    const started = samples.flatMap(({ startedMs }) => startedMs ?? []);
    const rows = [
      latencyRow(
        `${contender}, asked to finished`,
        samples.map(({ finishedMs }) => finishedMs),
      ),
    ];
    return started.length > 0 ? [...rows, latencyRow(`${contender}, asked to first step`, started)] : rows;
  });
  return table(['', 'jobs', 'p50', 'p95', 'p99'], rows);
}

function latencyRow(name: string, samples: number[]): string[] {
  return [name, String(samples.length), ...[0.5, 0.95, 0.99].map((part) => figure(percentile(samples, part)))];
}

function statementTable(all: readonly StatementsPerJob[]): string {
  const rows = all.map(({ concurrency, contender, notifications, total }) => [
    contender,
    String(concurrency),
    figure(total.statements),
    figure(total.transactions),
    notifications.map(({ channel, count, sender }) => `${figure(count)} ${channel} (${sender})`).join(', ') || 'none',
  ]);
  return table(['', 'at a time', 'statements', 'commits', 'notifications, by connection'], rows);
}

function connectionTable({ byConnection, concurrency }: StatementsPerJob): string {
  const rows = [...byConnection].map(([name, { statements, transactions }]) => [
    name,
    figure(statements),
    figure(transactions),
  ]);
  return table([`signalbox, ${concurrency} at a time`, 'statements', 'commits'], rows);
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
