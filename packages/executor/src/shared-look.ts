/**
 * A look at something that changes, shared by everyone who asks before it begins: nobody is ever told what was seen before
 * they asked, and however many ask at once, no more than one look is under way.
 */
export class SharedLook<T> {
  readonly #look: () => Promise<T>;
  #present: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(look: () => Promise<T>) {
    this.#look = look;
  }

  ask(): Promise<T> {
    if (this.#next) return this.#next;
    if (!this.#present) return this.#begin();
    this.#next = this.#present.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  #begin(): Promise<T> {
    this.#next = undefined;
    const present = this.#look().finally(() => {
      if (this.#present === present) this.#present = undefined;
    });
    this.#present = present;
    return present;
  }
}
