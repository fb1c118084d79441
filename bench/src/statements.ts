import { type ContenderName, openContender } from './contenders/contender-process.ts';
import { OBSERVER } from './contenders/observer.ts';
import { countNotifications, type NotificationCount } from './measure/notification-counter.ts';
import { openWireCounter, type WireCounts } from './measure/wire-counter.ts';

export interface StatementsPerJob {
  contender: ContenderName;
  concurrency: number;
  /** Of all connections together. */
  total: WireCounts;
  byConnection: Map<string, WireCounts>;
  /** Per job; empty where nobody notifies. */
  notifications: NotificationCount[];
}

/** Counts, on the wire, what a job of five steps costs. Not timed: the relay in between costs time of its own. */
export async function countStatements(
  contender: ContenderName,
  databaseUrl: string,
  { concurrency, jobs, warmUpJobs }: { concurrency: number; jobs: number; warmUpJobs: number },
): Promise<StatementsPerJob> {
  const wire = await openWireCounter(databaseUrl);
  const process = await openContender(contender, { databaseUrl: wire.databaseUrl, concurrency });
  await process.runJobs(warmUpJobs);
  const notified = await countNotifications(databaseUrl);
  const before = wire.counts();
  await process.runJobs(jobs);
  const after = wire.counts();
  const notifications = await notified.counts();
  await notified.close();
  await process.close();
  await wire.close();

  const total: WireCounts = { statements: 0, transactions: 0 };
  const byConnection = new Map<string, WireCounts>();
  for (const [name, { statements, transactions }] of after) {
    if (name === OBSERVER) continue;
    const earlier = before.get(name) ?? { statements: 0, transactions: 0 };
    const own = {
      statements: (statements - earlier.statements) / jobs,
      transactions: (transactions - earlier.transactions) / jobs,
    };
    total.statements += own.statements;
    total.transactions += own.transactions;
    byConnection.set(name, own);
  }
  const perJob = notifications.map((entry) => ({ ...entry, count: entry.count / jobs }));
  return { contender, concurrency, total, byConnection, notifications: perJob };
}
