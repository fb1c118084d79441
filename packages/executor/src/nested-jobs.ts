import { checkInput } from '@signalbox/core/input';
import { didYouMean } from '@signalbox/core/names';
import { cancelChildren, cancelIfAlive, startChildJob } from '@signalbox/db/child-jobs';
import { findSuperseded } from '@signalbox/db/concurrency';
import type { ClaimedJob } from '@signalbox/db/executions';
import { ConflictError, InvalidInputError } from '@signalbox/db/failures';
import type { WaitingAttempt } from '@signalbox/db/waits';
import { findWorkflow, listSlugs } from '@signalbox/db/workflows';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { ExecutorParts } from './executor-parts.ts';
import type { HeldLease } from './held-jobs.ts';
import { throughOutages } from './through-outages.ts';
import type { ChildRequest } from './wait-request.ts';

type Parts = Pick<ExecutorParts, 'db' | 'signals'>;

/** The jobs that the steps of a held job run. */
export class NestedJobs {
  readonly #parts: Parts;
  readonly #job: Pick<ClaimedJob, 'id' | 'tenantId'>;
  readonly #lease: HeldLease;

  constructor(parts: Parts, job: Pick<ClaimedJob, 'id' | 'tenantId'>, lease: HeldLease) {
    this.#parts = parts;
    this.#job = job;
    this.#lease = lease;
  }

  /** Makes the job and lets the step wait for it. Gives its id; undefined when the lease was lost. Throws a StepFailure. */
  async start(request: ChildRequest, attempt: WaitingAttempt): Promise<string | undefined> {
    const { db, signals } = this.#parts;
    const { lost } = this.#lease.stop;
    // An earlier attempt may have left one behind, when its worker died before it could end it.
    await this.end(attempt.stepId, false);
    const child = await throughOutages(() => this.#find(request), lost);
    try {
      const id = await throughOutages(() => startChildJob(db, this.#lease, attempt, child), lost);
      if (id === undefined) return undefined;
      signals.send('changed', id);
      await this.#makeRoom(id);
      return id;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Asks the jobs to cancel that the job, or one of its steps, does not wait for any more. */
  async end(stepId: string | undefined, force: boolean): Promise<void> {
    const { db } = this.#parts;
    const { id, tenantId } = this.#job;
    const asked = await throughOutages(
      () => cancelChildren(db, tenantId, { jobId: id, stepId }, force),
      this.#lease.stop.lost,
    );
    for (const child of asked) this.#tell(child);
  }

  async #find({ input, version, workflow: slug }: ChildRequest) {
    const { db } = this.#parts;
    const { tenantId } = this.#job;
    const workflow = await findWorkflow(db, tenantId, slug, version);
    if (!workflow) {
      const isKnown = version !== undefined && (await findWorkflow(db, tenantId, slug)) !== undefined;
      const help = isKnown ? '' : didYouMean(slug, (await listSlugs(db, tenantId)) ?? []);
      const what = isKnown ? `The workflow "${slug}" has no version ${version}.` : `There is no workflow "${slug}".`;
      throw new StepFailure(`${what}${help}`, { category: 'CONFIGURATION', retryable: false });
    }
    const { issues, value } = checkInput(workflow.definition.input, input);
    const [issue] = issues;
    if (!issue) return { workflow, input: value };
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    throw new StepFailure(`The input does not fit the workflow "${slug}": ${issue.path}: ${issue.message}${more}`, {
      category: 'USER_INPUT',
      retryable: false,
    });
  }

  /** As whoever makes a job does, where its workflow lets the oldest of its concurrency key go. */
  async #makeRoom(id: string): Promise<void> {
    const { db } = this.#parts;
    const { tenantId } = this.#job;
    for (const older of await findSuperseded(db, tenantId, id)) {
      for (const asked of await cancelIfAlive(db, tenantId, older, false)) this.#tell(asked);
    }
  }

  #tell(child: string): void {
    for (const kind of ['control', 'changed', 'logged'] as const) this.#parts.signals.send(kind, child);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof InvalidInputError)
    return new StepFailure(error.message, { category: 'USER_INPUT', retryable: false, cause: error });
  if (error instanceof ConflictError)
    return new StepFailure(error.message, { category: 'CONFIGURATION', cause: error });
  return error;
}
