/** The names people write, and help for the ones they misspell. */
import { closest, distance } from 'fastest-levenshtein';

export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const SLUG_MAX_LENGTH = 64;

export const STEP_KEY_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]*$/;
export const STEP_KEY_MAX_LENGTH = 64;

export const QUEUE_PATTERN = /^[\w.-]{1,64}$/;

/** What can be written as secrets.NAME. */
export const SECRET_NAME_PATTERN = /^[A-Za-z_]\w*$/;
export const SECRET_NAME_MAX_LENGTH = 100;

/** Names with a meaning in JavaScript: as keys of objects they invite accidents. */
export const TREACHEROUS_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

const LONGEST_COMPARED = 100;

/** ` Did you mean "…"?` when one of the candidates is near enough to be meant, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0 || word.length > LONGEST_COMPARED) return '';
  const found = closest(word, candidates);
  const far = distance(word.toLowerCase(), found.toLowerCase());
  // Two signs are most of a short word: then it must at least begin alike.
  const tolerated = word.length < 4 && word[0] !== found[0] ? 1 : Math.max(2, Math.floor(word.length / 3));
  return far <= tolerated && far < found.length ? ` Did you mean "${found}"?` : '';
}

/** The text itself when short, else its beginning: for messages. */
export function shorten(text: string, length = 120): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
