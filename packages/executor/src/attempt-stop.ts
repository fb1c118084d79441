import type { StepProcesses } from './step-processes.ts';
import { StepStopped } from './step-stopped.ts';
import { isHard, type StopReason, type StopRequest } from './stop-request.ts';

/** How long a step type may go on after its programs had to be gone; then it is given up and its outcome is settled. */
const GIVE_UP_AFTER_MS = 5_000;
const GIVE_UP_HARD_AFTER_MS = 500;
/** A shutdown has to be over within 15 s, whatever the grace of a cancel is. */
const SHUTDOWN_GRACE_MS = 8_000;
const GIVE_UP_SHUTDOWN_AFTER_MS = 2_000;

type Reason = StopReason | 'timeout';

/** What a step is told where it has no word of its own for the reason. */
const TOLD: Partial<Record<Reason, string>> = { hurry: 'shutdown', 'timed-out': 'timeout' };

export interface AttemptStopOptions {
  stop: StopRequest;
  timeoutMs: number | undefined;
  cancelGraceMs: number;
  processes: StepProcesses;
  onError(error: unknown): void;
}

/** Ends one attempt when its job must stop or its time is over: first the signal, then its programs, in the end itself. */
export class AttemptStop {
  readonly #options: AttemptStopOptions;
  readonly #aborter: AbortController;
  readonly #over = Promise.withResolvers<never>();
  readonly #timeout: NodeJS.Timeout | undefined;
  readonly #unlisten: () => void;
  #giveUp: NodeJS.Timeout | undefined;
  #ended = false;

  /** @param aborter its signal is the one that the step sees */
  constructor(aborter: AbortController, options: AttemptStopOptions) {
    this.#options = options;
    this.#aborter = aborter;
    // Nobody may be waiting for it any more when it is rejected.
    this.#over.promise.catch(() => undefined);
    this.#timeout =
      options.timeoutMs === undefined ? undefined : setTimeout(() => this.#end('timeout'), options.timeoutMs);
    this.#unlisten = options.stop.listen((reason) => this.#end(reason));
  }

  get timedOut(): boolean {
    return this.#aborter.signal.reason === 'timeout';
  }

  /** Rejects when the step type is not waited for any longer. */
  get over(): Promise<never> {
    return this.#over.promise;
  }

  /** Ends the wait for the step type with an error; false when it has ended already. */
  fail(error: unknown): boolean {
    this.#over.reject(error);
    return !this.#ended;
  }

  /** The attempt has ended: nothing is watched any more. */
  close(): void {
    this.#ended = true;
    clearTimeout(this.#timeout);
    clearTimeout(this.#giveUp);
    this.#unlisten();
  }

  #end(reason: Reason): void {
    const { graceMs, giveUpMs } = patience(reason, this.#options.cancelGraceMs);
    this.#aborter.abort(TOLD[reason] ?? reason);
    this.#options.processes.end(graceMs, new StepStopped(this.#aborter.signal.reason)).catch(this.#options.onError);
    clearTimeout(this.#giveUp);
    const ignored = new Error('The step type did not heed the request to stop.');
    this.#giveUp = setTimeout(() => this.#over.reject(ignored), graceMs + giveUpMs);
  }
}

function patience(reason: Reason, cancelGraceMs: number): { graceMs: number; giveUpMs: number } {
  if (reason === 'shutdown')
    return { graceMs: Math.min(cancelGraceMs, SHUTDOWN_GRACE_MS), giveUpMs: GIVE_UP_SHUTDOWN_AFTER_MS };
  if (reason !== 'timeout' && isHard(reason)) return { graceMs: 0, giveUpMs: GIVE_UP_HARD_AFTER_MS };
  return { graceMs: cancelGraceMs, giveUpMs: GIVE_UP_AFTER_MS };
}
