import type { JobPriority, JsonObject } from '../../app/graphql.ts';

/** Everything about a new job besides its workflow and its input. */
export interface JobOptions {
  priority: JobPriority;
  subject: string;
  labels: string[];
  /** False leaves it created, to be started later. */
  start: boolean;
}

export const DEFAULT_OPTIONS: JobOptions = { priority: 'MEDIUM', subject: '', labels: [], start: true };

/** Reads the text of an input. Anything but one JSON object is refused with words for its author. */
export function parseInput(text: string): { input: JsonObject } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    if (isObject(value)) return { input: value };
    return { problem: 'The input must be a JSON object: { … }.' };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key under which the same request, sent twice because its answer was lost, makes one job only. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
