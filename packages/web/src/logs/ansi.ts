import Anser from 'anser';

/** A stretch of a log line that looks the same throughout. */
export interface AnsiPart {
  /** Where in the line, colour codes left out, it begins. */
  at: number;
  text: string;
  /** Class names of ansi-text.module.css. */
  classes: string[];
  color?: string;
  background?: string;
}

const ESCAPE = '\u001b';
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Splits a line at its ANSI colour codes; other control characters are left out. */
export function parseAnsi(line: string): AnsiPart[] {
  if (!line.includes(ESCAPE)) return [{ at: 0, text: line.replace(CONTROLS, ''), classes: [] }];
  let at = 0;
  return Anser.ansiToJson(line, { json: true, use_classes: true, remove_empty: true }).map((entry) => {
    const text = entry.content.replace(CONTROLS, '');
    const begins = at;
    at += text.length;
    return {
      at: begins,
      text,
      classes: [
        ...(entry.fg && entry.fg !== 'ansi-truecolor' ? [`${entry.fg}-fg`] : []),
        ...(entry.bg && entry.bg !== 'ansi-truecolor' ? [`${entry.bg}-bg`] : []),
        ...entry.decorations.map((decoration) => `ansi-${decoration}`),
      ],
      color: entry.fg_truecolor ? `rgb(${entry.fg_truecolor})` : paletteColor(entry.fg),
      background: entry.bg_truecolor ? `rgb(${entry.bg_truecolor})` : paletteColor(entry.bg),
    };
  });
}

/** The colours 16 to 255 of the terminal's palette, as anser names them: a cube of six steps a side, then greys. */
function paletteColor(name: string | null): string | undefined {
  const index = Number(/^ansi-palette-(\d+)$/.exec(name ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(index) || index < 16) return undefined;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const cube = index - 16;
  const step = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  return `rgb(${step(Math.floor(cube / 36))}, ${step(Math.floor(cube / 6) % 6)}, ${step(cube % 6)})`;
}
