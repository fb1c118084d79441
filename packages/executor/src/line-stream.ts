import type { ChildStream } from './step-processes.ts';

/** Which stream a step's own log lines belong to: that of the line that it is just being given, else STDOUT. */
export class LineStream {
  #current: ChildStream = 'STDOUT';

  get current(): ChildStream {
    return this.#current;
  }

  during(stream: ChildStream, work: () => void): void {
    this.#current = stream;
    try {
      work();
    } finally {
      this.#current = 'STDOUT';
    }
  }
}
