/** A line longer than this is cut into several, so that a program without line ends costs no unbounded memory. */
const LONGEST_LINE = 256 * 1024;
/** How many characters of a stream's end are kept. */
const TAIL = 64 * 1024;

/** Splits one output stream into lines and remembers its end. */
export interface OutputLines {
  push(text: string): void;
  /** Hands over a last line that had no line end. */
  end(): void;
  tail(): { text: string; truncated: boolean };
}

/** @param onLine gets each line without its line end (`\n` or `\r\n`). */
export function outputLines(onLine: (line: string) => void): OutputLines {
  let rest = '';
  let kept = '';
  let truncated = false;
  const emit = (line: string) => onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  return {
    push(text) {
      kept += text;
      if (kept.length > TAIL) {
        kept = kept.slice(-TAIL);
        truncated = true;
      }
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) emit(line);
      for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE)) emit(rest.slice(0, LONGEST_LINE));
    },
    end() {
      if (rest !== '') emit(rest);
      rest = '';
    },
    tail: () => ({ text: kept, truncated }),
  };
}
