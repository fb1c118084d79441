import type { TestDatabase } from '../../../prisma/test/database.ts';
import { killProcesses } from '../src/process-group.ts';
import { valuesOf } from '../src/process-table.ts';
import { type ExecutorProcess, launchProcess } from './executor-process.ts';
import { isAlive } from './processes.ts';
import { openStage, type Stage } from './stage.ts';

/** A stage on which executors run as processes of their own. */
export interface ProcessStage extends Stage {
  /** Starts one with this name; leases last 2 seconds unless told. */
  start(name: string, more?: Record<string, string>): Promise<ExecutorProcess>;
  /** The same without waiting until it is ready. */
  launch(name: string, more?: Record<string, string>): ExecutorProcess;
}

export async function openProcessStage(database?: TestDatabase): Promise<ProcessStage> {
  const stage = await openStage(database);
  const started: ExecutorProcess[] = [];
  const launch = (name: string, more: Record<string, string> = {}) => {
    const own = { SIGNALBOX_LEASE_SECONDS: '2', SIGNALBOX_WORKER_NAME: name };
    const executor = launchProcess(stage.environment({ ...own, ...more }));
    started.push(executor);
    return executor;
  };
  return {
    ...stage,
    launch,
    async start(name, more) {
      const executor = launch(name, more);
      await executor.ready;
      return executor;
    },
    async close() {
      for (const executor of started) if (isAlive(executor.pid)) executor.signal('SIGKILL');
      await Promise.all(started.map(({ exited }) => exited));
      // One that was killed has left its programs behind.
      const programs = await valuesOf('SIGNALBOX_EXECUTION_ID');
      const executions = await stage.db.prisma.execution.findMany({ select: { id: true } });
      for (const { id } of executions) killProcesses(programs.get(id) ?? []);
      await stage.close();
    },
  };
}
