/** From a place in a text, as the YAML reader decoded it, back to its place in the source that was written. */
import { EXPRESSION_OPEN } from './template-scan.ts';

/**
 * Decoded and written text are walked side by side, by the rules YAML has for the style of the scalar.
 *
 * @param raw the scalar as it stands in the source, with its quotes, escapes, line breaks and indentation
 * @param decoded the text that YAML makes of it
 * @param start an offset in `decoded`, best that of a `${{`
 * @param offset how many signs behind `start` the searched place is
 * @returns the offset in `raw`; where the two texts cannot be brought together that of the `${{` at `start`, or 0
 */
export function writtenOffset(raw: string, decoded: string, start: number, offset: number): number {
  const walk = raw.startsWith('|') || raw.startsWith('>') ? blockOffset : flowOffset;
  return walk(raw, decoded, start + offset) ?? expressionOffset(raw, decoded, start);
}

// Each takes one step: a fold of lines, an escape, or signs that mean themselves. Blanks are taken as a whole, so that none
// is looked at again for a line break behind it.
const PLAIN = /(?<fold>[ \t]*\r?\n[ \t\r\n]*)|[ \t]+|[^ \t\r\n]+|\r/y;
const SINGLE_QUOTED = /(?<fold>[ \t]*\r?\n[ \t\r\n]*)|(?<coded>'')|[ \t]+|[^ \t\r\n']+|['\r]/y;
const DOUBLE_QUOTED =
  /(?<fold>[ \t]*\r?\n[ \t\r\n]*)|(?<coded>\\(?:x..|u.{4}|U.{8}|\r?\n[ \t]*|[\s\S]))|[ \t]+|[^ \t\r\n\\]+|[\\\r]/y;

function flowOffset(raw: string, decoded: string, target: number): number | undefined {
  const [steps, quotes] = raw.startsWith('"')
    ? [DOUBLE_QUOTED, 1]
    : raw.startsWith("'")
      ? [SINGLE_QUOTED, 1]
      : [PLAIN, 0];
  const end = raw.length - quotes;
  let at = quotes;
  let read = 0;
  while (at < end) {
    steps.lastIndex = at;
    const step = steps.exec(raw);
    if (!step) return undefined;
    const { fold, coded } = step.groups ?? {};
    const written = step[0].slice(0, end - at);
    const verbatim = fold === undefined && coded === undefined;
    if (verbatim && !decoded.startsWith(written, read)) return undefined;
    const signs = fold ? signsOfFold(fold) : coded ? signsOfEscape(coded) : written.length;
    if (read + signs > target) return verbatim ? at + target - read : at;
    read += signs;
    at += written.length;
  }
  return read === target ? at : undefined;
}

/** One line break becomes a blank; of several, the first is dropped. */
function signsOfFold(fold: string): number {
  return Math.max(1, fold.split('\n').length - 2);
}

function signsOfEscape(coded: string): number {
  if (coded.includes('\n')) return 0;
  return coded.startsWith('\\U') && Number.parseInt(coded.slice(2), 16) > 0xffff ? 2 : 1;
}

const LINE_BREAK = /\r?\n/y;

/** Line breaks of a block are kept or folded by what stands in the next line; which it was, the decoded text tells. */
function blockOffset(raw: string, decoded: string, target: number): number | undefined {
  const indentation = leadingBlanks(raw, raw.indexOf('\n') + 1) - leadingBlanks(decoded, 0);
  let at = behindIndentation(raw, raw.indexOf('\n') + 1, indentation);
  for (let read = 0; read <= target; read += 1) {
    const sign = decoded.charAt(read);
    let next = behindBreak(raw, at, indentation);
    while (next !== undefined && sign !== '\n' && sign !== ' ') {
      at = next;
      next = behindBreak(raw, at, indentation);
    }
    if (read === target) return at;
    if (next === undefined && raw[at] !== sign) return undefined;
    at = next ?? at + 1;
  }
  return undefined;
}

function behindBreak(raw: string, at: number, indentation: number): number | undefined {
  LINE_BREAK.lastIndex = at;
  return LINE_BREAK.test(raw) ? behindIndentation(raw, LINE_BREAK.lastIndex, indentation) : undefined;
}

function behindIndentation(raw: string, lineStart: number, indentation: number): number {
  let at = lineStart;
  while (at < lineStart + indentation && raw[at] === ' ') at += 1;
  return at;
}

/** The blanks before the first sign that is neither blank nor line break, in its own line. */
function leadingBlanks(text: string, from: number): number {
  let blanks = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\n') blanks = 0;
    else if (sign === ' ' || sign === '\t') blanks += 1;
    else if (sign !== '\r') break;
  }
  return blanks;
}

function expressionOffset(raw: string, decoded: string, start: number): number {
  if (!decoded.startsWith(EXPRESSION_OPEN, start)) return 0;
  const before = decoded.slice(0, start).split(EXPRESSION_OPEN).length - 1;
  let at = raw.indexOf(EXPRESSION_OPEN);
  for (let left = before; left > 0 && at >= 0; left -= 1) at = raw.indexOf(EXPRESSION_OPEN, at + 1);
  return Math.max(at, 0);
}
