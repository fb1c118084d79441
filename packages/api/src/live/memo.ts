/** Long enough for every reader that keeps up, short enough that slow ones do not hold old results in memory. */
const LIFETIME_MS = 500;

/** Results that the readers of one event share. They are made once, and made anew for readers that come late. */
export class Memo {
  readonly #results = new Map<string, unknown>();

  once<Result>(key: string, make: () => Result): Result {
    if (this.#results.size === 0) setTimeout(() => this.#results.clear(), LIFETIME_MS).unref();
    if (!this.#results.has(key)) this.#results.set(key, make());
    return this.#results.get(key) as Result;
  }
}
