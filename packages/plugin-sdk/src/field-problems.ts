import { inspect } from 'node:util';

/** A sentence about the fields that the contract does not have, or nothing. */
export function unknownFields(value: Record<string, unknown>, known: readonly string[]): string | undefined {
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  if (unknown.length === 0) return undefined;
  return `Unknown: ${unknown.map(shown).join(', ')}. Known are ${known.join(', ')}.`;
}

/** A value as it may stand in a message. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
}
