/** Values on their way into expressions and out of them. */
import { EvaluationError, Optional } from '@marcbachmann/cel-js';
import { shallowCost, spend } from './expression-budget.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * A whole number becomes an int, another number a double; an object becomes a Map, in which a key such as `constructor`
 * is like any other.
 */
export function toExpressionValue(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toExpressionValue);
  if (value === null || typeof value !== 'object') return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, toExpressionValue(item)]));
}

/** The JSON of a result; throws EvaluationError for what JSON cannot hold. Times become ISO 8601, an absent optional null. */
export function fromExpressionValue(value: unknown): Json {
  spend(shallowCost(value));
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return wholeNumber(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new EvaluationError(`the number ${value} cannot be kept as JSON`);
  }
  if (Array.isArray(value)) return value.map(fromExpressionValue);
  if (value instanceof Map) return objectOf(value.entries());
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Optional) return value.hasValue() ? fromExpressionValue(value.value()) : null;
  if (value instanceof Uint8Array)
    throw new EvaluationError('bytes cannot be kept as JSON: use .string() or .base64()');
  if (isPlain(value)) return objectOf(Object.entries(value));
  return ofLibrary(value);
}

function objectOf(entries: Iterable<[unknown, unknown]>): JsonObject {
  return Object.fromEntries(Array.from(entries, ([key, item]) => [String(key), fromExpressionValue(item)]));
}

function wholeNumber(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new EvaluationError(`the number ${value} is too large to be kept exactly: use string()`);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Unsigned numbers (their plain value is a bigint) and durations (`90s`); types and the like are no data. */
function ofLibrary(value: unknown): Json {
  const plain: unknown = typeof value === 'object' ? value?.valueOf() : undefined;
  if (typeof plain === 'bigint') return wholeNumber(plain);
  if (typeof plain === 'number') return String(value);
  throw new EvaluationError('the result is not data');
}
