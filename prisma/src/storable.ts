/**
 * PostgreSQL's text and jsonb refuse NUL and unpaired surrogates. What cannot be stored is replaced by a visible sign,
 * so that nothing is dropped in silence and no statement fails because of a step's output.
 */
const NUL = /\u0000/g;
const ESCAPED_TROUBLE = /\\u0000|\\ud[89a-f]/i;

export function storableText(text: string): string {
  const paired = text.isWellFormed() ? text : text.toWellFormed();
  return paired.includes('\u0000') ? paired.replace(NUL, '\u2400') : paired;
}

/** JSON text for a jsonb parameter. `undefined` becomes null. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return ESCAPED_TROUBLE.test(text) ? JSON.stringify(cleaned(JSON.parse(text))) : text;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [storableText(key), cleaned(member)]));
  }
  return value;
}
