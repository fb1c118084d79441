/** From a place in a text, as the YAML reader decoded it, back to its place in the source that was written. */
import { EXPRESSION_OPEN } from './template-scan.ts';

const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/**
 * Decoded and written text are walked side by side, from the `${{` at `start` (or from the text's beginning when no `${{`
 * stands there) for `offset` signs.
 *
 * @param raw the scalar as it stands in the source, with its quotes, escapes, line breaks and indentation
 * @param decoded the text that YAML makes of it
 * @returns the offset in `raw`; that of the beginning of the walk where the two cannot be brought together
 */
export function writtenOffset(raw: string, decoded: string, start: number, offset: number): number {
  const marked = decoded.startsWith(EXPRESSION_OPEN, start);
  const from = marked ? nthIndexOf(raw, EXPRESSION_OPEN, countBefore(decoded, start)) : contentStart(raw);
  if (from < 0) return 0;
  const first = marked ? start : 0;
  const target = start + offset;
  let at = from;
  for (let read = first; read < target; read += 1) {
    const next = behindSign(raw, at, decoded.charAt(read));
    if (next === undefined) return from;
    at = next;
  }
  return skipBlanks(raw, at, decoded.charAt(target));
}

/** The offset behind the written form of one decoded sign; undefined when something else is written there. */
function behindSign(raw: string, from: number, sign: string): number | undefined {
  const at = skipBlanks(raw, from, sign);
  if (raw[0] === '"' && raw[at] === '\\') {
    const next = raw.charAt(at + 1);
    if (next === '\n') return behindSign(raw, at + 2, sign);
    return at + (ESCAPE_LENGTHS[next] ?? 2);
  }
  if (raw[0] === "'" && raw.startsWith("''", at)) return at + 2;
  if (raw[at] === sign) return at + 1;
  // A line break that YAML folded into a blank was stepped over with the indentation.
  return isBlank(sign) ? at : undefined;
}

function skipBlanks(raw: string, from: number, wanted: string): number {
  let at = from;
  while (at < raw.length && raw[at] !== wanted && isBlank(raw.charAt(at))) at += 1;
  return at;
}

function isBlank(sign: string): boolean {
  return sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t';
}

function contentStart(raw: string): number {
  if (raw[0] === '"' || raw[0] === "'") return 1;
  if (raw[0] === '|' || raw[0] === '>') return raw.indexOf('\n') + 1;
  return 0;
}

function countBefore(text: string, end: number): number {
  return text.slice(0, end).split(EXPRESSION_OPEN).length - 1;
}

function nthIndexOf(text: string, searched: string, index: number): number {
  let at = text.indexOf(searched);
  for (let left = index; left > 0 && at >= 0; left -= 1) at = text.indexOf(searched, at + searched.length);
  return at;
}
