import type { Json } from '@signalbox/core/json';
import type { SecretMask } from './secret-mask.ts';

/** People look at these; a step's own output is kept whole. */
const LONGEST_JSON = 64 * 1024;
const SHOWN = 8 * 1024;

/** What an activity was given or gave, as it is stored: masked, and cut where it is too long. */
export function activityValue(value: unknown, mask: SecretMask): Json {
  const text = serialise(value);
  if (text.length <= LONGEST_JSON) return mask.json(JSON.parse(text));
  return { cut: `${mask.text(text).slice(0, SHOWN)}…`, characters: text.length };
}

function serialise(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null';
  } catch {
    return JSON.stringify('This value is nothing that JSON can carry.');
  }
}
