import { isRecord } from './is-record.ts';
import type { ObjectSchema } from './schema.ts';

/** A copy of `value` with the `default`s of the schema's properties filled in, in nested objects too. */
export function withDefaults(schema: ObjectSchema, value: Record<string, unknown>): Record<string, unknown> {
  const filled = structuredClone(value);
  fill(schema, filled);
  return filled;
}

function fill(schema: Record<string, unknown>, target: Record<string, unknown>): void {
  if (!isRecord(schema.properties)) return;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isRecord(property)) continue;
    if (target[name] === undefined && property.default !== undefined) target[name] = structuredClone(property.default);
    const nested = target[name];
    if (isRecord(nested)) fill(property, nested);
  }
}
