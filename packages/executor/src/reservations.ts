import type { BudgetRule } from '@signalbox/core/budget';
import type { AttemptOwner } from '@signalbox/db/attempt-owner';
import { releaseReservations, reserve, type Tightness } from '@signalbox/db/budgets';
import type { Database } from '@signalbox/db/client';
import { ConflictError, NotFoundError } from '@signalbox/db/failures';
import { newId } from '@signalbox/db/ids';
import { requestPause } from '@signalbox/db/pause';
import { type BudgetLimit, type Reservation, type ReservationRequest, StepFailure } from '@signalbox/plugin-sdk';
import type { AttemptCost } from './attempt-cost.ts';
import type { AttemptRecords } from './attempt-records.ts';
import { tightnessAdvice, tightnessMessage } from './budget-words.ts';
import type { StepLog } from './step-log.ts';
import { StepStopped } from './step-stopped.ts';
import { throughOutages } from './through-outages.ts';

export interface ReservationsOptions {
  db: Database;
  tenantId: string;
  owner: AttemptOwner;
  /** As the workflow gives it; the step type may give another one. */
  stepBudget: BudgetRule | undefined;
  /** The step whose budget it is: of an item its forEach step, so that all items share it. */
  budgetStepId: string;
  cost: AttemptCost;
  records: AttemptRecords;
  log: StepLog;
  lost: AbortSignal;
  onLost(): void;
  /** The job was asked to pause, by a budget. */
  onPause(): void;
}

/** The room in budgets that one attempt holds for its calls. */
export class Reservations {
  readonly #options: ReservationsOptions;
  readonly #held = new Set<string>();
  #asking: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: ReservationsOptions) {
    this.#options = options;
  }

  /** Throws a BUDGET failure, or StepStopped, when there is no room. */
  async reserve(request: ReservationRequest): Promise<Reservation> {
    if (this.#closed) throw new StepStopped('ended');
    const asking = this.#reserve(request);
    // The attempt does not end while the database is being asked.
    this.#asking = Promise.allSettled([this.#asking, asking]);
    return asking;
  }

  /** Gives back everything that was neither settled nor released; nothing more is reserved. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#asking;
    await this.#release([...this.#held]);
  }

  async #reserve(request: ReservationRequest): Promise<Reservation> {
    const { budgetStepId, db, log, lost, onLost, owner, stepBudget } = this.#options;
    const id = newId();
    const { microUsd, model, tokens } = checked(request);
    const wish = {
      id,
      model,
      tokens,
      microUsd: microUsd ?? null,
      stepRule: ruleOf(request.limit) ?? stepBudget,
      budgetStepId,
    };
    const answer = await throughOutages(() => reserve(db, owner, wish), lost);
    if (answer.outcome === 'lost') {
      onLost();
      throw new StepStopped('lease-lost');
    }
    if (answer.outcome === 'refused') return this.#refuse(answer.by, request);
    for (const warning of answer.warnings) log.system('WARNING', tightnessMessage(warning, request));
    // Budgets that only warn count it too; to give back what nobody counts is harmless.
    this.#held.add(id);
    return this.#ticket(id, answer.limited);
  }

  #ticket(id: string, limited: boolean): Reservation {
    const { cost, records } = this.#options;
    return {
      limited,
      settle: async (entry) => {
        cost.add(entry, id);
        this.#held.delete(id);
        await records.flush();
      },
      release: () => this.#release([id]),
    };
  }

  async #release(ids: string[]): Promise<void> {
    const { db, lost } = this.#options;
    const held = ids.filter((id) => this.#held.delete(id));
    if (held.length > 0 && !lost.aborted) await throughOutages(() => releaseReservations(db, held), lost);
  }

  async #refuse(by: Tightness, request: ReservationRequest): Promise<never> {
    const message = `${tightnessMessage(by, request)} ${by.unpriced ? '' : tightnessAdvice(by)}`.trim();
    if (by.action === 'pause' && (await this.#pause())) {
      this.#options.log.system('WARNING', `Paused by its budget. ${message}`);
      this.#options.onPause();
      throw new StepStopped('paused');
    }
    throw new StepFailure(message, { category: 'BUDGET', retryable: false });
  }

  /** False when the job is being cancelled, and so not to be paused any more. */
  async #pause(): Promise<boolean> {
    const { db, lost, owner, tenantId } = this.#options;
    try {
      await throughOutages(() => requestPause(db, tenantId, owner.jobId), lost);
      return true;
    } catch (error) {
      if (error instanceof ConflictError || error instanceof NotFoundError) return false;
      throw error;
    }
  }
}

/** Throws a TypeError for what is no size of a call. */
function checked(request: ReservationRequest): ReservationRequest {
  const { microUsd, tokens } = request;
  if (!Number.isSafeInteger(tokens) || tokens < 0)
    throw new TypeError(`reserve: tokens must be a whole number from 0, not ${tokens}`);
  if (microUsd !== undefined && (typeof microUsd !== 'bigint' || microUsd < 0n))
    throw new TypeError(`reserve: microUsd must be a bigint from 0, not ${String(microUsd)}`);
  return { ...request, model: String(request.model) };
}

function ruleOf(limit: BudgetLimit | undefined): BudgetRule | undefined {
  if (!limit) return undefined;
  const { action = 'fail', microUsd, tokens } = limit;
  return {
    action,
    ...(microUsd !== undefined && { microUsd: Number(microUsd) }),
    ...(tokens !== undefined && { tokens }),
  };
}
