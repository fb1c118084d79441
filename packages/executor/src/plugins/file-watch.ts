import { stat } from 'node:fs/promises';

/** Whether some files have changed since they were read. It looks when it is told to: that needs no events of any system. */
export class FileWatch {
  readonly #files: readonly string[];
  readonly #readSince: number;
  /** As they were when they were read; absent until they have been looked at. */
  #known: string | undefined;
  #seen: string | undefined;

  /** @param readSince when the reading began, by the wall clock: what was written later was perhaps not read */
  constructor(files: readonly string[], readSince: number) {
    this.#files = files;
    this.#readSince = readSince;
  }

  /** True once they differ and have not changed any more since the last look: nobody is writing to them. */
  async changed(): Promise<boolean> {
    const states = await Promise.all(this.#files.map(stateOf));
    const print = states.map(({ print }) => print).join('\n');
    const isLate = states.some(({ changedAt }) => changedAt > this.#readSince);
    this.#known ??= isLate ? '' : print;
    const isStill = this.#seen === print;
    this.#seen = print;
    return print !== this.#known && isStill;
  }
}

async function stateOf(file: string): Promise<{ print: string; changedAt: number }> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return { print: 'absent', changedAt: 0 };
  return { print: `${found.mtimeMs} ${found.size} ${found.ino}`, changedAt: found.mtimeMs };
}
