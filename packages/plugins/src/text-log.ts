import type { StepContext } from '@signalbox/plugin-sdk';

/** Ends a log line whose text goes on in the next one: U+2060, which nobody sees. */
export const GOES_ON = '\u2060';
const LONGEST_PIECE = 2_000;
/** A line that grows slowly is shown in pieces, so that people see the text come. */
const PIECE_AFTER_MS = 300;

/**
 * Streams a text into the log as PROGRESS lines from which exactly this text can be put together again: the lines with a
 * line break between each two, but for those that end in GOES_ON, of which that sign is taken off and no break follows.
 */
export class TextLog {
  readonly #ctx: Pick<StepContext<unknown>, 'log'>;
  #rest = '';
  #begun = false;
  #shownAt = 0;

  constructor(ctx: Pick<StepContext<unknown>, 'log'>) {
    this.#ctx = ctx;
  }

  push(text: string): void {
    if (text === '') return;
    if (!this.#begun) this.#shownAt = performance.now();
    this.#begun = true;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    this.#rest = this.#cut(this.#rest);
    if (performance.now() - this.#shownAt > PIECE_AFTER_MS) this.#showWords();
  }

  end(): void {
    if (this.#begun) this.#line(this.#rest);
    this.#begun = false;
    this.#rest = '';
  }

  #line(line: string): void {
    const rest = this.#cut(line);
    this.#say(rest.endsWith(GOES_ON) ? `${rest}${GOES_ON}\n` : rest);
  }

  /** Shows what is too long for one line in pieces; returns what is left. */
  #cut(text: string): string {
    let rest = text;
    while (rest.length > LONGEST_PIECE) {
      // The two halves of one character stay together.
      const at = (rest.codePointAt(LONGEST_PIECE - 1) ?? 0) > 0xffff ? LONGEST_PIECE - 1 : LONGEST_PIECE;
      this.#say(rest.slice(0, at) + GOES_ON);
      rest = rest.slice(at);
    }
    return rest;
  }

  /** Whole words only: a word that is a secret would not be recognised in two halves. */
  #showWords(): void {
    const at = Math.max(this.#rest.lastIndexOf(' '), this.#rest.lastIndexOf('\t')) + 1;
    if (at === 0) return;
    this.#say(this.#rest.slice(0, at) + GOES_ON);
    this.#rest = this.#rest.slice(at);
  }

  #say(message: string): void {
    this.#shownAt = performance.now();
    // Each line by itself: the log would take a carriage return before a line break for part of the break.
    for (const line of message.split('\n')) this.#ctx.log('PROGRESS', line);
  }
}
