import { type MockJob, type MockStep, type MockWorld, newJob, say, seededRandom } from './world.ts';

const TICK_MS = 700;
const MOST_RUNNING = 3;

export interface SimulationOptions {
  /** The chance of each step to fail. */
  failureRate: number;
}

/** Lets the jobs of a world go on as workers would: queued ones start, their steps run one after the other and write lines. */
export class Simulation {
  readonly world: MockWorld;
  readonly options: SimulationOptions;
  readonly random = seededRandom(11);
  readonly #listeners = new Set<(job: MockJob) => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(world: MockWorld, options: SimulationOptions) {
    this.world = world;
    this.options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.tick(TICK_MS), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** @returns a function that ends it */
  onChange(listener: (job: MockJob) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  create(slug: string, input: Record<string, unknown>, change: Partial<MockJob> = {}): MockJob | undefined {
    const workflow = this.world.workflows.find((each) => each.slug === slug);
    if (!workflow) return undefined;
    const job = Object.assign(newJob(workflow, input, this.random), change);
    this.world.jobs.unshift(job);
    this.tell(job);
    return job;
  }

  tell(job: MockJob): void {
    job.updatedAt = new Date().toISOString();
    for (const listener of this.#listeners) listener(job);
  }

  /** Goes on for so long. */
  tick(ms: number): void {
    const running = this.world.jobs.filter(({ status }) => status === 'RUNNING').length;
    const next = running < MOST_RUNNING ? this.world.jobs.findLast(({ status }) => status === 'QUEUED') : undefined;
    if (next) {
      next.status = 'RUNNING';
      next.startedAt = new Date().toISOString();
      this.tell(next);
    }
    for (const job of this.world.jobs) if (job.status === 'RUNNING') this.#advance(job, ms);
  }

  #advance(job: MockJob, ms: number): void {
    if (job.cancelRequestedAt !== null) {
      this.#end(job, 'CANCELLED');
      return;
    }
    const running = job.steps.filter(({ status }) => status === 'RUNNING');
    for (const step of running) this.#run(job, step, ms);
    if (job.status !== 'RUNNING') return;
    const settled = new Set(job.steps.filter(({ status }) => status === 'COMPLETED').map(({ key }) => key));
    const ready = job.steps.filter(
      ({ status, needs }) => status === 'PENDING' && needs.every((need) => settled.has(need)),
    );
    if (job.pauseRequestedAt !== null && running.length === 0) {
      job.status = 'PAUSED';
      job.pauseRequestedAt = null;
    } else {
      for (const step of ready) {
        step.status = 'RUNNING';
        step.startedAt = new Date().toISOString();
        say(job, step.key, 'INFO', `${step.name} begins`);
      }
      if (settled.size === job.steps.length) {
        this.#end(job, 'COMPLETED');
        return;
      }
    }
    this.tell(job);
  }

  #run(job: MockJob, step: MockStep, ms: number): void {
    step.takesMs -= ms;
    say(
      job,
      step.key,
      this.random() < 0.1 ? 'WARNING' : 'INFO',
      `${step.name}: ${Math.ceil(Math.max(0, step.takesMs) / 100)} to go`,
    );
    if (step.takesMs > 0) return;
    step.completedAt = new Date().toISOString();
    if (this.random() >= this.options.failureRate) {
      step.status = 'COMPLETED';
      say(job, step.key, 'SUCCESS', `${step.name}: done`);
      return;
    }
    step.status = 'FAILED';
    step.error = { message: `${step.name} answered with 503`, category: 'NETWORK' };
    say(job, step.key, 'ERROR', step.error.message);
    this.#end(job, 'FAILED');
  }

  #end(job: MockJob, status: 'COMPLETED' | 'FAILED' | 'CANCELLED'): void {
    job.status = status;
    job.completedAt = new Date().toISOString();
    for (const step of job.steps) {
      if (step.status === 'RUNNING') step.status = 'CANCELLED';
      else if (step.status === 'PENDING') step.status = status === 'FAILED' ? 'SKIPPED' : 'CANCELLED';
    }
    this.tell(job);
  }
}
