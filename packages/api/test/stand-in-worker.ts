import type { Json } from '@signalbox/core/json';
import type { LogLevel } from '@signalbox/core/statuses';
import { type Database, openDatabase } from '@signalbox/db/client';
import { type ClaimedJob, claimJob } from '@signalbox/db/executions';
import { newId } from '@signalbox/db/ids';
import type { JobChange } from '@signalbox/db/job-change';
import { appendLogLines } from '@signalbox/db/logs';
import { recordChanges } from '@signalbox/db/progress';
import { SignalSender } from '@signalbox/db/signals';
import { registerWorker } from '@signalbox/db/workers';

/** Does to jobs what an executor does, by the same statements and hints, at the moment a test says so. */
export class StandInWorker {
  readonly id = newId();
  readonly name = 'stand-in';
  readonly #db: Database;
  readonly #signals: SignalSender;

  constructor(databaseUrl: string) {
    this.#db = openDatabase(databaseUrl, { applicationName: 'signalbox stand-in', maxConnections: 4 });
    this.#signals = new SignalSender(databaseUrl);
  }

  async register(tenantId: string, types: string[]): Promise<void> {
    await registerWorker(this.#db, {
      id: this.id,
      tenantId,
      name: this.name,
      queues: ['default'],
      concurrency: 4,
      criticalSlots: 1,
      version: '1.2.3',
      host: 'test-host',
      pid: 4_711,
      cpus: 2,
      stepTypes: types.map((type) => ({
        type,
        title: `The ${type}`,
        description: `Runs a ${type}.`,
        icon: null,
        plugin: 'test-plugin',
        pluginVersion: '1.2.3',
        configSchema: { type: 'object' },
        outputSchema: null,
        repeatable: true,
      })),
    });
  }

  async claim(jobId: string): Promise<ClaimedJob> {
    const claimed = await claimJob(this.#db, jobId, { workerId: this.id, workerName: this.name, leaseSeconds: 30 });
    if (!claimed) throw new Error(`job ${jobId} could not be claimed`);
    this.#signals.send('changed', jobId);
    return claimed;
  }

  async record(job: ClaimedJob, change: Partial<JobChange>): Promise<void> {
    const recorded = await recordChanges(this.#db, [
      { jobId: job.id, epoch: job.epoch, completedSteps: 0, currentStepKey: null, stepPercent: 0, ...change },
    ]);
    if (!recorded.has(job.id)) throw new Error(`job ${job.id} was lost`);
    this.#signals.send('changed', job.id);
  }

  async start(job: ClaimedJob, key: string, input: Json = {}, attempt = 1): Promise<void> {
    await this.record(job, {
      currentStepKey: key,
      started: [{ stepId: stepOf(job, key), attempt, input, uses: 'git' }],
    });
  }

  async complete(job: ClaimedJob, key: string, output: Json, completedSteps: number): Promise<void> {
    const cost = { microUsd: '1500', inputTokens: '20', outputTokens: '7' };
    await this.record(job, {
      completedSteps,
      ended: [{ stepId: stepOf(job, key), attempt: 1, status: 'COMPLETED', output, error: null, ...cost }],
    });
  }

  async settle(job: ClaimedJob, settled: NonNullable<JobChange['settled']>, completedSteps = 0): Promise<void> {
    await this.record(job, { completedSteps, settled });
  }

  /** CREATED or QUEUED to COMPLETED in as few moves as possible. */
  async finish(jobId: string): Promise<void> {
    await this.settle(await this.claim(jobId), { status: 'COMPLETED', output: { done: true }, error: null });
  }

  async fail(jobId: string, message = 'it broke', stepKey: string | null = null): Promise<void> {
    await this.settle(await this.claim(jobId), {
      status: 'FAILED',
      output: null,
      error: { message, category: 'PROCESS', stepKey },
    });
  }

  async log(
    job: ClaimedJob,
    messages: string[],
    stepKey: string | null = null,
    level: LogLevel = 'INFO',
  ): Promise<void> {
    const stored = await appendLogLines(
      this.#db,
      messages.map((message) => ({
        jobId: job.id,
        epoch: job.epoch,
        at: new Date(),
        level,
        stream: 'STDOUT',
        message,
        stepKey,
        attempt: stepKey === null ? null : 1,
      })),
    );
    if (!stored.has(job.id)) throw new Error(`job ${job.id} was lost`);
    this.#signals.send('logged', job.id);
  }

  async close(): Promise<void> {
    await this.#signals.close();
    await this.#db.close();
  }
}

function stepOf(job: ClaimedJob, key: string): string {
  const step = job.steps.find((candidate) => candidate.key === key);
  if (!step) throw new Error(`job ${job.id} has no step ${key}`);
  return step.id;
}
