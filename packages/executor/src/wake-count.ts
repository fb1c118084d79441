/** How many waits of a held job have ended, as far as this process has heard. */
export class WakeCount {
  readonly #listeners = new Set<() => void>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** It never falls: an answer that was overtaken by a newer one is ignored. */
  tell(count: number): void {
    if (count <= this.#count) return;
    this.#count = count;
    for (const listener of this.#listeners) listener();
  }

  /** Hears each change. Returns what ends the listening. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
