import { stripVTControlCharacters, styleText } from 'node:util';

export type Colour = 'green' | 'red' | 'yellow' | 'blue' | 'cyan' | 'magenta' | 'dim' | 'bold';

/** Where a command writes: results to stdout, everything else to stderr; colours only for people at a terminal. */
export class Terminal {
  readonly isJson: boolean;
  /** A person watches, so that lines may be drawn again. */
  readonly isInteractive: boolean;
  readonly hasColours = styleText('dim', 'x', { stream: process.stdout }) !== 'x';

  constructor({ isJson }: { isJson: boolean }) {
    this.isJson = isJson;
    this.isInteractive = !isJson && process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  }

  line(text = ''): void {
    process.stdout.write(`${harmless(text)}\n`);
  }

  /** One JSON document, or with `compact` one of several lines. */
  json(value: unknown, { compact = false } = {}): void {
    this.line(compact ? JSON.stringify(value) : JSON.stringify(value, null, 2));
  }

  /** For people, beside the result. */
  note(text: string): void {
    if (!this.isJson) process.stderr.write(`${text}\n`);
  }

  /** Honours NO_COLOR and FORCE_COLOR, and leaves pipes plain. */
  paint(colour: Colour, text: string): string {
    return styleText(colour, text, { stream: process.stdout });
  }

  /** Rows under their headings, as wide as they have to be. */
  table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
    const widths = headings.map((heading, column) =>
      Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map(widthOf)),
    );
    const aligned = (cells: readonly string[]) =>
      cells
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
        .join('  ')
        .trimEnd();
    return [this.paint('dim', aligned(headings)), ...rows.map(aligned)].join('\n');
  }
}

/**
 * Colours, and nothing else that a terminal obeys: what jobs write and are called must not move the cursor of whoever reads, or
 * set their title and clipboard.
 */
function harmless(text: string): string {
  return text
    .split(/(\u001b\[[\d;]*m)/)
    .map((part, index) => (index % 2 === 1 ? part : stripVTControlCharacters(part).replaceAll(CONTROL, '')))
    .join('');
}

/** All but tabs and line breaks. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
