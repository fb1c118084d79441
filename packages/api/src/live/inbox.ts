/** What one reader has not read yet. It is bounded: beyond the bound nothing is kept, and the reader has to read up from its place. */
export interface InboxLimits {
  items: number;
  bytes: number;
  /** How long a reader that has missed something may leave what it was given before it is given up. */
  stallMs: number;
}

export const INBOX_LIMITS: InboxLimits = { items: 1_000, bytes: 1024 * 1024, stallMs: 5_000 };

/** Why nothing more comes: the source ended, the reader left, or something was dropped and must be read up. */
export type InboxEnd = 'ended' | 'closed' | 'missed';

export class Inbox<Item> {
  readonly #limits: InboxLimits;
  readonly #giveUp: () => void;
  readonly #items = new Map<unknown, { item: Item; bytes: number }>();
  #bytes = 0;
  #end: InboxEnd | undefined;
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #stall: NodeJS.Timeout | undefined;
  /** Whether the reader was given something and has not come back for more: only then does time count against it. */
  #isOffered = false;

  /** `giveUp` is called when the reader missed something and then takes nothing of what it was given for `stallMs`. */
  constructor(limits: InboxLimits, giveUp: () => void) {
    this.#limits = limits;
    this.#giveUp = giveUp;
  }

  /** An unread item of the same key is replaced: the new one says everything it said. */
  push(key: unknown, item: Item, bytes: number): void {
    if (this.#end) return;
    this.#remove(key);
    const full = this.#items.size >= this.#limits.items || this.#bytes + bytes > this.#limits.bytes;
    // A single item is taken whatever its size: a reader that keeps up must not starve on it.
    if (full && this.#items.size > 0) {
      this.#items.clear();
      this.finish('missed');
      if (this.#isOffered) this.#watchStall();
      return;
    }
    this.#items.set(key, { item, bytes });
    this.#bytes += bytes;
    this.#wake?.();
  }

  /** Gives the reader what was read for it from elsewhere. How long that took to read does not count against it. */
  *offer(items: readonly Item[]): Generator<Item, void, void> {
    for (const item of items) {
      this.#isOffered = true;
      if (this.#end === 'missed') this.#watchStall();
      yield item;
      this.#comeBack();
    }
  }

  /** What was pushed before is still read. */
  finish(end: InboxEnd): void {
    this.#end ??= end;
    if (end === 'closed') clearTimeout(this.#stall);
    this.#wake?.();
  }

  /** Ends it with an error that the reader gets. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.finish('closed');
  }

  /** The next item, in the order of pushing, or why there is none. Throws what it failed with. */
  async take(): Promise<{ item: Item } | { end: InboxEnd }> {
    for (;;) {
      this.#comeBack();
      if (this.#failure) throw this.#failure.error;
      const [next] = this.#items;
      if (next && this.#end !== 'closed') {
        this.#remove(next[0]);
        this.#isOffered = true;
        return { item: next[1].item };
      }
      if (this.#end) return { end: this.#end };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #watchStall(): void {
    this.#stall = setTimeout(this.#giveUp, this.#limits.stallMs);
  }

  #comeBack(): void {
    this.#isOffered = false;
    clearTimeout(this.#stall);
  }

  #remove(key: unknown): void {
    const removed = this.#items.get(key);
    if (!removed) return;
    this.#items.delete(key);
    this.#bytes -= removed.bytes;
  }
}
