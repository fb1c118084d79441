import { type ActivityRecord, recordActivities } from '@signalbox/db/activities';
import type { AttemptOwner } from '@signalbox/db/attempt-owner';
import type { Database } from '@signalbox/db/client';
import { recordCosts } from '@signalbox/db/costs';
import { newId } from '@signalbox/db/ids';
import type { Activity, ActivityEnd, ActivityStart } from '@signalbox/plugin-sdk';
import { activityValue } from './activity-value.ts';
import type { AttemptCost } from './attempt-cost.ts';
import type { SecretMask } from './secret-mask.ts';
import { throughOutages } from './through-outages.ts';

const LONGEST_TEXT = 4_000;
const LONGEST_NAME = 200;

export interface AttemptRecordsOptions {
  db: Database;
  owner: AttemptOwner;
  cost: AttemptCost;
  mask: SecretMask;
  /** Aborted once the job belongs to somebody else. */
  lost: AbortSignal;
  onRecorded(): void;
  onLost(): void;
  onError(error: unknown): void;
}

/** The costs and activities of one attempt on their way into the database: one write after the other, what came meanwhile goes along. */
export class AttemptRecords {
  readonly #options: AttemptRecordsOptions;
  readonly #open = new Map<string, ActivityRecord>();
  #changed = new Map<string, ActivityRecord>();
  #writing: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;
  #closed = false;

  constructor(options: AttemptRecordsOptions) {
    this.#options = options;
  }

  begin({ input, kind, name, parent }: ActivityStart): Activity {
    const record: ActivityRecord = {
      id: newId(),
      parentId: parent?.id ?? null,
      kind,
      name: this.#options.mask.text(String(name)).slice(0, LONGEST_NAME),
      input: activityValue(input, this.#options.mask),
      status: 'RUNNING',
      output: null,
      error: null,
      microUsd: null,
      inputTokens: null,
      outputTokens: null,
      partial: false,
      startedAt: new Date().toISOString(),
      completedAt: null,
    };
    if (!this.#closed) {
      this.#open.set(record.id, record);
      this.#change(record);
    }
    return { id: record.id, end: (end) => this.#end(record.id, end) };
  }

  /** Resolves once everything so far is stored. Throws when it cannot be. */
  async flush(): Promise<void> {
    await this.#write();
    if (this.#failure) throw this.#failure.error;
  }

  /** The attempt has ended: what it left open ends with it, and nothing more is taken. */
  async close(): Promise<void> {
    for (const id of this.#open.keys()) this.#end(id, { status: 'CANCELLED', error: 'The step ended before it did.' });
    this.#closed = true;
    await this.flush();
  }

  #end(id: string, { cost, error, output, status }: ActivityEnd): void {
    const record = this.#open.get(id);
    if (!record) return;
    this.#open.delete(id);
    const { mask } = this.#options;
    this.#change({
      ...record,
      status,
      output: activityValue(output, mask),
      error: error === undefined ? null : mask.text(String(error)).slice(0, LONGEST_TEXT),
      microUsd: cost?.microUsd === undefined ? null : String(cost.microUsd),
      inputTokens: cost?.inputTokens === undefined ? null : String(cost.inputTokens),
      outputTokens: cost?.outputTokens === undefined ? null : String(cost.outputTokens),
      partial: cost?.partial ?? false,
      completedAt: new Date().toISOString(),
      // It stands in the database already, unless it begins with this very change.
      input: this.#changed.has(id) ? record.input : null,
    });
  }

  #change(record: ActivityRecord): void {
    this.#changed.set(record.id, record);
    void this.#write();
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeBatch());
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const { cost, db, lost, onError, onLost, onRecorded, owner } = this.#options;
    const activities = [...this.#changed.values()];
    this.#changed = new Map();
    const entries = cost.take();
    if (activities.length + entries.length === 0 || lost.aborted) return;
    try {
      const ours =
        (activities.length === 0 || (await throughOutages(() => recordActivities(db, owner, activities), lost))) &&
        (entries.length === 0 || (await throughOutages(() => recordCosts(db, owner, entries), lost)));
      if (ours) onRecorded();
      else onLost();
    } catch (error) {
      if (lost.aborted) return;
      this.#failure ??= { error };
      onError(error);
    }
  }
}
