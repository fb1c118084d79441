import type { Json } from '@signalbox/core/json';
import { FormAutomaton } from './form-automaton.ts';
import { formsOf, isMaskable } from './secret-forms.ts';
import { type TextView, unescapedViews } from './text-view.ts';

const MASK = '***';
const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

/** Where in a text a secret stands; `from` is negative when it began in an earlier piece. */
export interface Hit {
  from: number;
  to: number;
}

interface Search {
  hits: Hit[];
  /** In which the search goes on in the next piece. */
  state: number;
  /** Where the last units stand; white space does not count. */
  at(unitsBack: number): number;
}

/**
 * Replaces secrets in what a step writes by `***`, as they are and in disguise: in Base64, hex or another case, with the escapes
 * of JSON, URLs, HTML and shells, wrapped into lines or spaced out.
 */
export class SecretMask {
  readonly #hidden = new Set<string>();
  #forms = new Set<string>();
  #automaton: FormAutomaton | undefined;
  #backward: FormAutomaton | undefined;
  #longest = 0;

  /** Whether there is anything to mask. */
  get active(): boolean {
    return this.#forms.size > 0;
  }

  /** How many units the longest form has. */
  get longest(): number {
    return this.#longest;
  }

  get automaton(): FormAutomaton {
    this.#automaton ??= new FormAutomaton([...this.#forms]);
    return this.#automaton;
  }

  /** From now on this value shows as `***`. False for one so short or plain that it would mask innocent texts: it is shown. */
  hide(value: string): boolean {
    if (this.#hidden.has(value)) return true;
    if (!isMaskable(value)) return false;
    this.#hidden.add(value);
    for (const form of formsOf(value)) {
      this.#forms.add(form);
      this.#longest = Math.max(this.#longest, form.length);
    }
    this.#automaton = undefined;
    this.#backward = undefined;
    return true;
  }

  text(text: string): string {
    return this.active ? replaceHits(text, this.search(text).hits) : text;
  }

  /** A text whose beginning was cut off, without the end of a secret that it may begin with. Whole secrets stay in it. */
  withoutCutFront(text: string): string {
    if (!this.active) return text;
    this.#backward ??= new FormAutomaton([...this.#forms].map(reversed));
    const front = reversed(text.slice(0, this.#longest * 2));
    const { at, state } = scan(this.#backward, { text: front }, 0, () => undefined);
    const begun = this.#backward.begun(state);
    return begun === 0 ? text : MASK + text.slice(front.length - at(begun));
  }

  json(value: Json): Json {
    if (!this.active) return value;
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.text(String(value)) === String(value) ? value : MASK;
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (value === null || typeof value !== 'object') return value;
    const masked = new Map<string, Json>();
    for (const [key, member] of Object.entries(value)) masked.set(free(this.text(key), masked), this.json(member));
    return Object.fromEntries(masked);
  }

  /** Every place of a secret, in order and apart from each other. */
  search(text: string, state = 0): Search {
    const hits: Hit[] = [];
    const add = (hit: Hit) => hits.push(hit);
    const end = scan(this.automaton, { text }, state, add);
    for (const view of unescapedViews(text)) scan(this.automaton, view, state, add);
    return { hits: merged(hits), ...end };
  }
}

/** Masks lines that follow each other, also where a secret goes over from one into the next. */
export class LineMask {
  readonly #mask: SecretMask;
  #automaton: FormAutomaton | undefined;
  #state = 0;

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  /** The beginning of a secret that could go on in the next line is masked as soon as it gives away much of it. */
  line(line: string): string {
    if (!this.#mask.active) return line;
    const { automaton } = this.#mask;
    if (automaton !== this.#automaton) this.#state = 0;
    this.#automaton = automaton;
    const { at, hits, state } = this.#mask.search(line, this.#state);
    this.#state = state;
    const begun = automaton.begun(state);
    if (begun === 0) return replaceHits(line, hits);
    return replaceHits(line, merged([...hits, { from: at(begun), to: line.length }]));
  }
}

export function replaceHits(text: string, hits: readonly Hit[], mask: (length: number) => string = () => MASK): string {
  if (hits.length === 0) return text;
  let masked = '';
  let behind = 0;
  for (const { from, to } of hits) {
    const start = Math.max(0, from);
    masked += text.slice(behind, start) + mask(to - start);
    behind = to;
  }
  return masked + text.slice(behind);
}

/** Runs over a text, in which white space does not count. Tells where the last units that count stand. */
function scan(
  automaton: FormAutomaton,
  { from, text, to }: TextView,
  startState: number,
  onHit: (hit: Hit) => void,
): Omit<Search, 'hits'> {
  let state = startState;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (isSpace(unit)) continue;
    if (state === 0 && index + 1 < text.length) {
      const next = text.charCodeAt(index + 1);
      if (!isSpace(next) && !automaton.mayBegin(unit, next)) continue;
    }
    state = automaton.next(state, unit);
    const length = automaton.matched[state] ?? 0;
    if (length === 0) continue;
    const start = placeOf(text, index, length);
    onHit({ from: from?.[start] ?? start, to: to?.[index] ?? index + 1 });
  }
  return { state, at: (unitsBack) => placeOf(text, text.length - 1, unitsBack) };
}

/** Where the first of so many units stands that count and end at a place; -1 when that was in an earlier piece. */
function placeOf(text: string, end: number, units: number): number {
  let index = end;
  for (let left = units; index >= 0; index -= 1) {
    if (!isSpace(text.charCodeAt(index))) left -= 1;
    if (left === 0) break;
  }
  return index;
}

function isSpace(unit: number): boolean {
  return unit === SPACE || unit === LF || unit === CR || unit === TAB;
}

function merged(hits: Hit[]): Hit[] {
  if (hits.length < 2) return hits;
  const apart: Hit[] = [];
  for (const hit of hits.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    const last = apart.at(-1);
    if (last && hit.from < last.to) last.to = Math.max(last.to, hit.to);
    else apart.push({ ...hit });
  }
  return apart;
}

/** Two keys that are masked stay two. */
function free(key: string, taken: ReadonlyMap<string, Json>): string {
  if (!taken.has(key)) return key;
  let number = 2;
  while (taken.has(`${key} (${number})`)) number += 1;
  return `${key} (${number})`;
}

function reversed(text: string): string {
  return Array.from({ length: text.length }, (_, index) => text[text.length - 1 - index]).join('');
}
