import { setTimeout as pause } from 'node:timers/promises';
import type { TestDatabase } from '../../../prisma/test/database.ts';
import { checkHistory, type HistoryOptions } from '../../../prisma/test/history.ts';
import { killProcesses } from '../src/process-group.ts';
import { valuesOf } from '../src/process-table.ts';
import { type ExecutorProcess, launchProcess } from './executor-process.ts';
import { isAlive } from './processes.ts';
import { openStage, type Stage } from './stage.ts';

const PROGRAMS_GONE_MS = 15_000;
const LOOK_MS = 50;

/** A stage on which executors run as processes of their own. */
export interface ProcessStage extends Stage {
  /**
   * Starts one with this name. Leases last 12 seconds unless told: a busy machine must not lose one, and `expire` ends
   * them where a test would have to wait.
   */
  start(name: string, more?: Record<string, string>): Promise<ExecutorProcess>;
  /** The same without waiting until it is ready. */
  launch(name: string, more?: Record<string, string>): ExecutorProcess;
  /** As if the leases of those jobs had run out. */
  expire(...jobIds: string[]): Promise<void>;
  /** What is wrong with the history, once programs have had the time to go that is promised. */
  violations(options?: HistoryOptions): Promise<string[]>;
}

export async function openProcessStage(database?: TestDatabase): Promise<ProcessStage> {
  const stage = await openStage(database);
  const started: ExecutorProcess[] = [];
  const launch = (name: string, more: Record<string, string> = {}) => {
    const own = { SIGNALBOX_LEASE_SECONDS: '12', SIGNALBOX_WORKER_NAME: name };
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
    async expire(...jobIds) {
      await stage.db.pool.query(
        `UPDATE execution SET lease_expires_at = now() - interval '1 second'
         WHERE job_id = ANY($1::uuid[]) AND completed_at IS NULL`,
        [jobIds],
      );
    },
    async violations(options) {
      const deadline = performance.now() + PROGRAMS_GONE_MS;
      for (;;) {
        const programs = await valuesOf('SIGNALBOX_EXECUTION_ID');
        const found = await checkHistory(stage.db, { ...options, programs });
        if (!found.some((violation) => violation.includes('programs live')) || performance.now() > deadline)
          return found;
        await pause(LOOK_MS);
      }
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
