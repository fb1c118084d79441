import type { Json, JsonObject } from '../app/graphql.ts';

const LONGEST = 90;

/**
 * What a step does in a line, from its configuration and the schema of its type: what the schema requires, or else the
 * first thing that is set. Long texts count by their first line.
 */
export function summaryOf(config: JsonObject, schema: JsonObject | undefined): string {
  const required = Array.isArray(schema?.required) ? schema.required.map(String) : [];
  const telling = (names: readonly string[]) =>
    names.map((name) => words(config[name])).filter((text): text is string => text !== undefined);
  const asked = telling(required);
  const text = asked.length > 0 ? asked.join(' · ') : (telling(Object.keys(config))[0] ?? '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function words(value: Json | undefined): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const line = value
    .trim()
    .split('\n')
    .find((text) => text.trim() !== '');
  return line?.trim();
}
