/** Regular expressions from people who write workflows run on an engine whose time grows with the text, never faster. */
import { RE2JS, RE2JSException } from 're2js';

/** A pattern that the engine cannot run. The message says why, for people. */
export class PatternError extends Error {
  override name = 'PatternError';
}

export interface Pattern {
  test(text: string): boolean;
}

const MOST_KEPT = 500;
const kept = new Map<string, RE2JS>();

/** Compiles a pattern in the usual (JavaScript) notation. Throws PatternError: look-around and back references are left out. */
export function linearPattern(source: string): Pattern {
  const known = kept.get(source);
  if (known) return known;
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(source, pattern);
    return pattern;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace('error parsing regexp: ', '');
    throw new PatternError(`The pattern ${source} cannot be used: ${reason}. Look-around and back references do not exist here.`);
  }
}
