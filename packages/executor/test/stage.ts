/** A real executor on a database of its own, for one test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StepDefinition, WorkflowDefinition } from '@signalbox/core/definition';
import type { Json, JsonObject } from '@signalbox/core/json';
import { readSettings } from '@signalbox/core/settings';
import { type Database, openDatabase } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID, newId } from '@signalbox/db/ids';
import { createJob } from '@signalbox/db/jobs';
import { readLogLinesAfter, type StoredLogLine } from '@signalbox/db/logs';
import { findWorkflow, saveWorkflow } from '@signalbox/db/workflows';
import { pino } from 'pino';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test/database.ts';
import { type Executor, startExecutor } from '../src/executor.ts';
import { PluginHost } from '../src/plugins/plugin-host.ts';
import { PluginList } from '../src/plugins/plugin-list.ts';

export const TEST_PLUGIN = fileURLToPath(new URL('fixtures/plugin.ts', import.meta.url));

/** Long enough for a busy machine: a test that passes waits for what happens, not for this. */
const PATIENCE_MS = 60_000;

/** A step as a test writes it: without a name, after the one above unless it says so. */
export type TestStep = Partial<StepDefinition> & { key: string; type: string };

export interface Stage {
  url: string;
  db: Database;
  /** Removed at the end. */
  folder: string;
  /** Settings of an executor on this stage, as its environment. */
  environment(more?: Record<string, string>): Record<string, string>;
  startExecutor(more?: Record<string, string>): Promise<Executor>;
  /** Queues a job of a workflow that has these steps. */
  queue(
    steps: TestStep[],
    more?: { input?: JsonObject; output?: Json; queue?: string; workflow?: Partial<WorkflowDefinition> },
  ): Promise<string>;
  /** The job once it is at its end. */
  settled(jobId: string, withinMs?: number): Promise<FinishedJob>;
  job(jobId: string): Promise<FinishedJob>;
  lines(jobId: string): Promise<StoredLogLine[]>;
  /** The log once a line matches. */
  logged(jobId: string, pattern: RegExp, withinMs?: number): Promise<StoredLogLine>;
  close(): Promise<void>;
}

export interface FinishedStep {
  id: string;
  key: string;
  status: string;
  input: Json;
  output: Json;
  error: string | null;
  category: string | null;
  because: string | null;
  attempts: { number: number; status: string; category: string | null; epoch: number }[];
}

export interface FinishedJob {
  status: string;
  output: Json;
  error: string | null;
  category: string | null;
  errorStepKey: string | null;
  totalSteps: number;
  completedSteps: number;
  currentStepKey: string | null;
  stepPercent: number;
  epoch: number;
  steps: FinishedStep[];
  step(key: string): FinishedStep;
}

/** @param database one of its own unless told; dropped at the end */
export async function openStage(database?: TestDatabase): Promise<Stage> {
  const testDatabase = database ?? (await createTestDatabase());
  const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-executor-'));
  const { url } = testDatabase;
  const db = openDatabase(url, { applicationName: 'signalbox test' });
  const executors: Executor[] = [];

  const environment = (more: Record<string, string> = {}) => ({
    DATABASE_URL: url,
    SIGNALBOX_DATA_DIR: folder,
    SIGNALBOX_PLUGINS: TEST_PLUGIN,
    SIGNALBOX_CANCEL_GRACE_SECONDS: '1',
    ...more,
  });

  const stage: Stage = {
    url,
    db,
    folder,
    environment,
    async startExecutor(more) {
      const settings = readSettings(environment(more));
      const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
      const plugins = await PluginHost.open({
        plugins: settings.plugins,
        list: new PluginList(settings.configPath),
        memoryMib: settings.pluginMemoryMib,
        logger,
      });
      const onBroken = (error: unknown) => {
        throw error;
      };
      const executor = await startExecutor({
        settings,
        databaseUrl: settings.databaseUrl ?? url,
        plugins,
        logger,
        onBroken,
      });
      executors.push(executor);
      return executor;
    },
    async queue(steps, { input = {}, output, queue, workflow: more } = {}) {
      const definition = { ...workflowOf(steps, output), ...more };
      await saveWorkflow(db, DEFAULT_TENANT_ID, definition, JSON.stringify(definition));
      const workflow = await findWorkflow(db, DEFAULT_TENANT_ID, definition.slug);
      if (!workflow) throw new Error('the workflow was not saved');
      if (queue === undefined) return (await createJob(db, { tenantId: DEFAULT_TENANT_ID, workflow, input })).id;
      const { id } = await createJob(db, { tenantId: DEFAULT_TENANT_ID, workflow, input, start: false });
      await db.pool.query('UPDATE job SET queue = $2 WHERE id = $1', [id, queue]);
      return id;
    },
    job: (jobId) => readJob(db, jobId),
    async settled(jobId, withinMs = PATIENCE_MS) {
      // Its status only: a look at a thousand steps every moment takes the time of whoever runs them.
      const read = () => db.prisma.job.findUniqueOrThrow({ where: { id: jobId }, select: { status: true } });
      const isFinal = ({ status }: { status: string }) => ['COMPLETED', 'FAILED', 'CANCELLED'].includes(status);
      await until(`job ${jobId} is at its end`, read, isFinal, withinMs).catch(async (error: Error) => {
        throw new Error(`${error.message} Whole: ${JSON.stringify(await readJob(db, jobId))}`);
      });
      return readJob(db, jobId);
    },
    lines: (jobId) => readLogLinesAfter(db, jobId, 0, 1_000_000),
    async logged(jobId, pattern, withinMs = PATIENCE_MS) {
      const find = async () =>
        (await readLogLinesAfter(db, jobId, 0, 1_000_000)).find(({ message }) => pattern.test(message));
      const line = await until(`a line matches ${pattern}`, find, (found) => found !== undefined, withinMs);
      if (!line) throw new Error('no line');
      return line;
    },
    async close() {
      await Promise.all(
        executors.map(async (executor) => {
          const stopped = executor.stop();
          void executor.stop();
          await stopped;
        }),
      );
      await db.close();
      await testDatabase.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

/** Looks again and again until it is so; fails with what was seen last when it does not become so in time. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`It did not become so within ${withinMs} ms: ${what}. Last seen: ${JSON.stringify(seen)}`);
    await pause(10);
  }
}

export function workflowOf(steps: TestStep[], output?: Json): WorkflowDefinition {
  return {
    slug: `test-${newId()}`,
    name: 'Test',
    input: { type: 'object' },
    steps: steps.map((step, index) => ({
      name: step.key,
      needs: index === 0 ? [] : [steps[index - 1]?.key ?? ''],
      with: {},
      ...step,
    })),
    ...(output === undefined ? {} : { output }),
  };
}

async function readJob(db: Database, jobId: string): Promise<FinishedJob> {
  const job = await db.prisma.job.findUniqueOrThrow({
    where: { id: jobId },
    include: {
      steps: {
        orderBy: [{ index: 'asc' }, { position: 'asc' }],
        include: { attempts: { orderBy: { number: 'asc' } } },
      },
    },
  });
  const steps = job.steps.map((step) => ({
    id: step.id,
    key: step.key,
    status: step.status,
    input: step.input as Json,
    output: step.output as Json,
    error: step.errorMessage,
    category: step.errorCategory,
    because: step.skippedBecause,
    attempts: step.attempts.map(({ epoch, errorCategory, number, status }) => ({
      number,
      status,
      category: errorCategory,
      epoch,
    })),
  }));
  return {
    status: job.status,
    output: job.output as Json,
    error: job.errorMessage,
    category: job.errorCategory,
    errorStepKey: job.errorStepKey,
    totalSteps: job.totalSteps,
    completedSteps: job.completedSteps,
    currentStepKey: job.currentStepKey,
    stepPercent: job.stepPercent,
    epoch: job.epoch,
    steps,
    step(key) {
      const found = steps.find((step) => step.key === key);
      if (!found) throw new Error(`no step ${key}`);
      return found;
    },
  };
}
