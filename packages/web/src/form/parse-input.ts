import type { JsonObject } from '../app/graphql.ts';

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
