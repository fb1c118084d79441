import type { JsonObject } from '../../app/graphql.ts';
import type { DraftState } from '../../form/use-input-draft.ts';
import { DEFAULT_OPTIONS, type JobOptions } from './draft.ts';

/** A job that somebody began to write and left. */
export interface KeptDraft {
  state: DraftState;
  options: JobOptions;
}

const keyOf = (slug: string) => `signalbox.draft.${slug}`;

/** What was left behind when the dialog was closed; it lives as long as the tab. */
export function keptDraft(slug: string): KeptDraft | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(slug));
    if (text === null) return undefined;
    const { state, options }: KeptDraft = JSON.parse(text);
    return { state, options: { ...DEFAULT_OPTIONS, ...options } };
  } catch {
    return undefined;
  }
}

/** Keeps a draft but for what its schema calls secret. A storage that is full or forbidden keeps nothing. */
export function keepDraft(slug: string, { state, options }: KeptDraft, schema: JsonObject): void {
  const secret = secretFields(schema);
  const values = Object.fromEntries(Object.entries(state.values).filter(([name]) => !secret.has(name)));
  const safe: DraftState = secret.size > 0 ? { values, mode: 'form', text: '' } : state;
  try {
    sessionStorage.setItem(keyOf(slug), JSON.stringify({ state: safe, options }));
  } catch {
    // The dialog works without.
  }
}

export function forgetDraft(slug: string): void {
  try {
    sessionStorage.removeItem(keyOf(slug));
  } catch {
    // Then there was none.
  }
}

/** Whether there is anything to lose: more than the schema's defaults. */
export function isWritten({ state, options }: KeptDraft, defaults: object): boolean {
  const { start: _, ...rest } = options;
  const { start: __, ...usual } = DEFAULT_OPTIONS;
  return (
    JSON.stringify(state.values) !== JSON.stringify(defaults) ||
    JSON.stringify(rest) !== JSON.stringify(usual) ||
    (state.mode === 'json' && !isJson(state.text))
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text.trim() === '';
  }
}

function secretFields({ properties }: JsonObject): Set<string> {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return new Set();
  return new Set(
    Object.entries(properties)
      .filter(([, field]) => {
        if (typeof field !== 'object' || field === null || Array.isArray(field)) return false;
        return field.format === 'password' || field.writeOnly === true;
      })
      .map(([name]) => name),
  );
}
