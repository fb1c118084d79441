import type { LogLine } from './line.ts';

/** Lines of a log that lie beside each other, in the order of their numbers, each once. */
export class LineWindow {
  #lines: LogLine[] = [];

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get first(): LogLine | undefined {
    return this.#lines[0];
  }

  get last(): LogLine | undefined {
    return this.#lines.at(-1);
  }

  replace(lines: readonly LogLine[]): void {
    this.#lines = [...lines];
  }

  /**
   * Puts lines where their numbers say; nearly always that is the end, where the array simply grows.
   *
   * @returns how many were not there before
   */
  merge(lines: readonly LogLine[]): number {
    const before = this.#lines.length;
    let last = this.last?.seq ?? 0;
    const inOrder = lines.every(({ seq }) => {
      const follows = seq > last;
      last = seq;
      return follows;
    });
    if (inOrder) {
      for (const line of lines) this.#lines.push(line);
    } else {
      // A new array, since the present one may be being drawn.
      const all = [...this.#lines, ...lines].sort((a, b) => a.seq - b.seq);
      this.#lines = all.filter((line, index) => line.seq !== all[index - 1]?.seq);
    }
    return this.#lines.length - before;
  }

  /** Whether nothing can lie between these lines and those that are there. */
  meets(lines: readonly LogLine[]): boolean {
    const { first, last } = this;
    const [from, to] = [lines[0], lines.at(-1)];
    return !first || !last || !from || !to || (from.seq <= last.seq && to.seq >= first.seq);
  }

  /** Lets the oldest or the newest lines go, down to a number; tells whether there were any to go. */
  keep(side: 'newest' | 'oldest', count: number): boolean {
    if (this.#lines.length <= count) return false;
    this.#lines = side === 'newest' ? this.#lines.slice(-count) : this.#lines.slice(0, count);
    return true;
  }
}
