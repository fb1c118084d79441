/** Messages for one reader, who takes all that are there at once. */
export class Mailbox<T> {
  #messages: T[] = [];
  #waiting: PromiseWithResolvers<void> | undefined;

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  push(message: T): void {
    this.#messages.push(message);
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** Waits until there is at least one. */
  async take(): Promise<T[]> {
    if (this.#messages.length === 0) {
      this.#waiting ??= Promise.withResolvers<void>();
      await this.#waiting.promise;
    }
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }
}
