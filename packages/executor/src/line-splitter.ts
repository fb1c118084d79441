import { cutLine, MAX_LINE_BYTES } from './line-cut.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Turns the bytes of a pipe into lines of text. A line ends with LF or CRLF. After a lone CR the line is written anew, as a
 * progress bar does: only what stood there last counts. Bytes that are no UTF-8 become U+FFFD. Never holds more than one line
 * of 256 KiB: a longer one is handed over at once with a visible mark, and the rest of it is dropped.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The bytes behind the last line end. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  /** The line so far was cut; what comes up to its end is dropped. */
  #dropping = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const lastEnd = chunk.lastIndexOf(LF);
    if (lastEnd < 0) {
      this.#hold(chunk);
      return;
    }
    const firstEnd = this.#dropping ? chunk.indexOf(LF) + 1 : 0;
    this.#dropping = false;
    // Lines end at a byte that no character of UTF-8 contains, so whole lines can be decoded together.
    const lines = this.#decode(chunk.subarray(firstEnd, lastEnd + 1)).split('\n');
    lines.pop();
    for (const line of lines) this.#onLine(cutLine(withoutOverwritten(line)));
    this.#hold(chunk.subarray(lastEnd + 1));
  }

  /** Hands over a last line that had no line end. */
  end(): void {
    const line = withoutOverwritten(this.#decode(new Uint8Array()));
    if (line !== '' && !this.#dropping) this.#onLine(cutLine(line));
  }

  #decode(bytes: Uint8Array): string {
    if (this.#restBytes === 0) return this.#decoder.decode(bytes);
    const whole = Buffer.concat([...this.#rest, bytes]);
    this.#forget();
    return this.#decoder.decode(whole);
  }

  #hold(bytes: Uint8Array): void {
    if (this.#dropping || bytes.length === 0) return;
    const last = this.#rest.at(-1);
    if (last?.at(-1) === CR && bytes[0] !== CR) this.#forget();
    const kept = behindLastCarriageReturn(bytes);
    if (kept.length < bytes.length) this.#forget();
    this.#rest.push(kept);
    this.#restBytes += kept.length;
    if (this.#restBytes <= MAX_LINE_BYTES) return;
    const beginning = Buffer.concat(this.#rest).subarray(0, MAX_LINE_BYTES + 4);
    this.#forget();
    this.#dropping = true;
    this.#onLine(cutLine(this.#decoder.decode(beginning)));
  }

  #forget(): void {
    this.#rest = [];
    this.#restBytes = 0;
  }
}

/** What is left of a line when carriage returns have been obeyed. */
function withoutOverwritten(line: string): string {
  if (!line.includes('\r')) return line;
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) === CR) end -= 1;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

/** The same for bytes whose line is not complete: carriage returns at the very end may belong to a CRLF and stay. */
function behindLastCarriageReturn(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === CR) end -= 1;
  const from = end === 0 ? -1 : bytes.lastIndexOf(CR, end - 1);
  return bytes.subarray(from + 1);
}
