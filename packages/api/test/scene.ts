import type { JobPriority } from '@signalbox/core/statuses';
import { type ClaimedJob, claimJob } from '@signalbox/db/executions';
import { newId } from '@signalbox/db/ids';
import type { JobChange } from '@signalbox/db/job-change';
import { setJobPriority } from '@signalbox/db/priority';
import { recordChanges } from '@signalbox/db/progress';
import { registerWorker } from '@signalbox/db/workers';
import { type ApiFixture, TENANT } from './fixture.ts';

export interface SceneWorker {
  slots?: number;
  criticalSlots?: number;
  types?: string[];
  queues?: string[];
  /** Seconds since its last beat. */
  silent?: number;
}

export interface SceneJob {
  priority?: JobPriority;
  /** How long it has been in the queue. */
  minutesAgo?: number;
  start?: boolean;
  steps?: string;
  concurrency?: string;
  queue?: string;
}

/** Workers and jobs of one situation, on a queue of their own. */
export class Scene {
  readonly queue = `queue-${newId()}`;
  readonly api: ApiFixture;
  readonly #noCost = { microUsd: '0', inputTokens: '0', outputTokens: '0', output: null };

  constructor(api: ApiFixture) {
    this.api = api;
  }

  async worker({ criticalSlots = 0, queues, silent = 0, slots = 1, types = ['command'] }: SceneWorker = {}) {
    const id = newId();
    const { db } = this.api.services;
    await registerWorker(db, {
      id,
      tenantId: TENANT,
      name: `worker ${id}`,
      queues: queues ?? [this.queue],
      concurrency: slots,
      criticalSlots,
      version: '1.0.0',
      host: 'test-host',
      pid: 1,
      cpus: 1,
      stepTypes: types.map((type) => ({
        type,
        title: type,
        description: type,
        icon: null,
        plugin: 'test',
        pluginVersion: '1.0.0',
        configSchema: {},
        outputSchema: null,
        repeatable: true,
      })),
    });
    await db.pool.query('UPDATE worker SET last_seen_at = now() - make_interval(secs => $2) WHERE id = $1', [
      id,
      silent,
    ]);
    return id;
  }

  async job({ concurrency, minutesAgo = 0, priority, queue = this.queue, start, steps }: SceneJob = {}) {
    const source = `slug: w-${newId()}
name: Situation
queue: ${queue}
${concurrency === undefined ? '' : `concurrency: ${concurrency}\n`}steps:
${steps ?? "  - { key: a, type: command, with: { run: 'true' } }"}
`;
    const workflow = await this.api.saveWorkflow(source);
    const id = await this.api.newJob({ workflow, input: {}, priority, start });
    await this.api.services.db.pool.query(
      'UPDATE job SET queued_at = queued_at - make_interval(secs => $2) WHERE id = $1',
      [id, minutesAgo * 60],
    );
    return id;
  }

  prioritise(id: string, priority: JobPriority) {
    return setJobPriority(this.api.services.db, TENANT, id, priority);
  }

  async claim(jobId: string, workerId = newId()): Promise<ClaimedJob> {
    const job = await claimJob(this.api.services.db, jobId, { workerId, workerName: 'scene', leaseSeconds: 30 });
    if (!job) throw new Error('the job could not be claimed');
    return job;
  }

  /** A job that a worker with one slot holds. */
  async held(job: SceneJob = {}): Promise<{ workerId: string; id: string }> {
    const workerId = await this.worker();
    const id = await this.job(job);
    await this.claim(id, workerId);
    return { workerId, id };
  }

  async record(job: ClaimedJob, change: Partial<JobChange>): Promise<void> {
    const progress = { completedSteps: 0, currentStepKey: null, stepPercent: 0 };
    const ours = await recordChanges(this.api.services.db, [
      { jobId: job.id, epoch: job.epoch, ...progress, ...change },
    ]);
    if (!ours.has(job.id)) throw new Error('the job was lost');
  }

  start(job: ClaimedJob, ...keys: string[]): Promise<void> {
    const started = keys.map((key) => ({ stepId: stepId(job, key), attempt: 1, input: {}, uses: null }));
    return this.record(job, { started });
  }

  complete(job: ClaimedJob, key: string): Promise<void> {
    const ended = { stepId: stepId(job, key), attempt: 1, status: 'COMPLETED', error: null, ...this.#noCost } as const;
    return this.record(job, { ended: [ended] });
  }

  fail(job: ClaimedJob, id: string, message: string, more: Partial<JobChange> = {}, attempt = 1): Promise<void> {
    const error = { message, category: 'PROCESS' } as const;
    return this.record(job, { ended: [{ stepId: id, attempt, status: 'FAILED', error, ...this.#noCost }], ...more });
  }

  settle(job: ClaimedJob, error: NonNullable<JobChange['settled']>['error']): Promise<void> {
    return this.record(job, { settled: { status: 'FAILED', output: null, error } });
  }

  failOnce(job: ClaimedJob, id: string): Promise<void> {
    const error = { message: 'no luck', category: 'PROCESS' } as const;
    const ended = { stepId: id, attempt: 1, status: 'FAILED', error, again: true, ...this.#noCost } as const;
    return this.record(job, { ended: [ended] });
  }

  /** Makes items of a list and starts the first of them; gives their ids. */
  async expand(job: ClaimedJob, key: string, count: number, starting: number): Promise<string[]> {
    const items = Array.from({ length: count }, (_, index) => {
      return { id: newId(), key: `${key}[${index}]`, name: key, position: index + 1, item: index };
    });
    await this.record(job, { expanded: [{ stepId: stepId(job, key), items }], totalSteps: count + 1 });
    const started = items.slice(0, starting).map(({ id }) => ({ stepId: id, attempt: 1, input: {}, uses: null }));
    await this.record(job, { started });
    return items.map(({ id }) => id);
  }
}

export function stepId(job: ClaimedJob, key: string): string {
  const step = job.steps.find((candidate) => candidate.key === key);
  if (!step) throw new Error(`no step ${key}`);
  return step.id;
}
