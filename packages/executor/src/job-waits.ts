import type { ClaimedJob } from '@signalbox/db/executions';
import { storeWait } from '@signalbox/db/waits';
import type { AttemptEnd } from './attempt-end.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { HeldLease } from './held-jobs.ts';
import type { JobState } from './job-state.ts';
import { NestedJobs } from './nested-jobs.ts';
import type { SecretMask } from './secret-mask.ts';
import { type FailureRecord, failureOf, isStepFailure } from './step-failure.ts';
import type { ReadyAttempt } from './step-starts.ts';
import { type OverWait, StepWaits } from './step-waits.ts';
import { throughOutages } from './through-outages.ts';
import type { WaitRequest } from './wait-request.ts';
import { workflowStep } from './workflow-step.ts';

/** An attempt that came to a wait. */
export interface ParkedAttempt {
  attempt: ReadyAttempt;
  end: AttemptEnd & { status: 'WAITING' };
}

/** The waits of a held job: how they begin, and what their end means for the jobs that are waited for. */
export class JobWaits extends StepWaits {
  readonly #parts: ExecutorParts;
  readonly #lease: HeldLease;
  readonly #state: JobState;
  readonly #mask: SecretMask;
  readonly #nested: NestedJobs;
  /** Steps that do not wait for their job any longer. */
  #abandoned: string[] = [];

  constructor(
    parts: ExecutorParts,
    job: ClaimedJob,
    lease: HeldLease,
    state: JobState,
    mask: SecretMask,
    onDue: () => void,
  ) {
    super(parts, lease, state, onDue);
    this.#parts = parts;
    this.#lease = lease;
    this.#state = state;
    this.#mask = mask;
    this.#nested = new NestedJobs(parts, job, lease);
  }

  /** The step becomes WAITING in the database too. Gives the failure of one that cannot wait for what it asks for. */
  async begin({ attempt, end }: ParkedAttempt): Promise<FailureRecord | undefined> {
    const { cost, log, step } = attempt;
    const waiting = { stepId: step.id, attempt: step.attempt, timeLeftMs: end.timeLeftMs, ...cost.totals() };
    try {
      const told = await this.#store(end.wait, waiting);
      if (told === undefined) this.#lease.stop.ask('lease-lost');
      else log.system('INFO', told);
      this.began();
      return undefined;
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      return failureOf(error, this.#mask);
    }
  }

  override takeOver(): OverWait[] {
    const over = super.takeOver();
    for (const { step, ...what } of over) {
      // Its time was up before the other job had ended.
      if (what.next === 'end' && step.type === workflowStep.type) this.#abandoned.push(step.id);
    }
    return over;
  }

  /** Once it is recorded that steps do not wait any longer: their jobs are cancelled if they live. */
  async endAbandoned(): Promise<void> {
    for (const stepId of this.#abandoned.splice(0)) await this.#nested.end(stepId, false);
  }

  /** The job came to an end before its steps: so do the jobs that they waited for. */
  async endAll(): Promise<void> {
    if (!this.#state.steps.some(({ type }) => type === workflowStep.type)) return;
    await this.#nested.end(undefined, this.#lease.stop.reason === 'forced');
  }

  /** Gives a line for the log; undefined when the lease was lost. */
  async #store(request: WaitRequest, waiting: Parameters<NestedJobs['start']>[1]): Promise<string | undefined> {
    if (request.kind === 'JOB') {
      const id = await this.#nested.start(request.child, waiting);
      return id && `Waiting for the job ${id} of the workflow "${request.child.workflow}"`;
    }
    const { db } = this.#parts;
    const stored = await throughOutages(
      () => storeWait(db, this.#lease, { ...waiting, ...request }),
      this.#lease.stop.lost,
    );
    return stored ? describe(request) : undefined;
  }
}

function describe({ approval, until }: WaitRequest & { kind: 'TIME' | 'APPROVAL' }): string {
  const end = until ? ` until ${until.toISOString()}` : '';
  return approval ? `Waiting for an approval${end}: ${approval.message}` : `Waiting${end}`;
}
