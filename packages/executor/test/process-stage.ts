import { killProcesses } from '../src/process-group.ts';
import { valuesOf } from '../src/process-table.ts';
import { type ExecutorProcess, startProcess } from './executor-process.ts';
import { isAlive } from './processes.ts';
import { openStage, type Stage } from './stage.ts';

/** A stage on which executors run as processes of their own. */
export interface ProcessStage extends Stage {
  /** Starts one with this name; leases last 2 seconds unless told. */
  start(name: string, more?: Record<string, string>): Promise<ExecutorProcess>;
}

export async function openProcessStage(): Promise<ProcessStage> {
  const stage = await openStage();
  const started: ExecutorProcess[] = [];
  return {
    ...stage,
    async start(name, more) {
      const own = { SIGNALBOX_LEASE_SECONDS: '2', SIGNALBOX_WORKER_NAME: name };
      const executor = await startProcess(stage.environment({ ...own, ...more }));
      started.push(executor);
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
