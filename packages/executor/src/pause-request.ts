/** Whether a held job is to be paused. Unlike a stop it can be taken back, and what runs is not told. */
export class PauseRequest {
  readonly #listeners = new Set<() => void>();
  #asked = false;
  #asOf = Number.NEGATIVE_INFINITY;

  get asked(): boolean {
    return this.#asked;
  }

  /** @param asOf when the database was asked, on this process's own clock: an answer that was overtaken by a newer one is ignored */
  tell(asked: boolean, asOf: number): void {
    if (asOf < this.#asOf) return;
    this.#asOf = asOf;
    if (asked === this.#asked) return;
    this.#asked = asked;
    for (const listener of this.#listeners) listener();
  }

  /** Hears each change. Returns what ends the listening. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
