/** Regular expressions from people who write workflows run on an engine whose time grows with the text, never faster. */
import { RE2JS, RE2JSException } from 're2js';

/** A pattern that the engine cannot run, or that is too large. The message says why, for people. */
export class PatternError extends Error {
  override name = 'PatternError';
}

export interface Pattern {
  /** Whether the pattern is found in the text. */
  test(text: string): boolean;
  /** Instructions of the compiled pattern: a test takes at most about 10 ns for each one and each sign of the text. */
  size: number;
}

const LONGEST = 5_000;
const MOST_INSTRUCTIONS = 10_000;
const LONGEST_KEPT = 200;
const MOST_KEPT = 100;
const kept = new Map<string, Pattern>();

/** Compiles a pattern in the usual (JavaScript) notation. Throws PatternError: look-around and back references are left out. */
export function linearPattern(source: string): Pattern {
  const known = kept.get(source);
  if (known) return known;
  if (source.length > LONGEST || instructionsOf(source) > MOST_INSTRUCTIONS) {
    throw new PatternError(`The pattern ${source.slice(0, LONGEST_KEPT)} is too large, or its repetitions multiply.`);
  }
  const pattern = compile(source);
  if (source.length <= LONGEST_KEPT) {
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(source, pattern);
  }
  return pattern;
}

function compile(source: string): Pattern {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    return { test: (text) => compiled.test(text), size: compiled.programSize() };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace('error parsing regexp: ', '');
    const rest = 'Look-around and back references do not exist here.';
    throw new PatternError(`The pattern ${source.slice(0, LONGEST_KEPT)} cannot be used: ${reason}. ${rest}`);
  }
}

const TOKEN = /\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|./gs;

/** About how many instructions a pattern will have. The engine itself would find out only while it makes them. */
function instructionsOf(source: string): number {
  const sums = [0];
  let last = 0;
  for (const [token, least, most] of source.matchAll(TOKEN)) {
    const depth = sums.length - 1;
    if (token === '(') {
      sums.push(0);
      last = 0;
    } else if (token === ')' && depth > 0) {
      last = sums.pop() ?? 0;
      sums[depth - 1] = (sums[depth - 1] ?? 0) + last;
    } else {
      // {n,m} repeats what stands before it: that much comes on top.
      const times = least === undefined ? 1 : Math.max(Number(most || least) - 1, 0);
      if (least === undefined) last = 1;
      sums[depth] = (sums[depth] ?? 0) + last * times;
      last *= least === undefined ? 1 : times + 1;
    }
  }
  return sums.reduce((sum, part) => sum + part, 0);
}
