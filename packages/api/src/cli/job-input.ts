import { text } from 'node:stream/consumers';
import type { Json, JsonObject } from '../client/graphql.ts';
import { UsageError } from './exit-codes.ts';
import { textOf } from './given-file.ts';

/**
 * The input of a job from the words of the command line: `key=value`, `key=@file` for the text of a file, a JSON object, or
 * `@file` (`@-` for stdin) for one. Later ones win. Values are of the type that the workflow's schema says.
 */
export async function jobInputOf(words: readonly string[], schema: JsonObject): Promise<JsonObject> {
  const input: JsonObject = {};
  for (const word of words) Object.assign(input, await partOf(word, schema));
  return input;
}

async function partOf(word: string, schema: JsonObject): Promise<JsonObject> {
  if (word.startsWith('@')) return objectOf(await contentOf(word.slice(1)), word);
  if (word.trimStart().startsWith('{')) return objectOf(word, '--input');
  const equals = word.indexOf('=');
  if (equals < 1)
    throw new UsageError(`--input ${word}: write key=value, a JSON object, or @file for a file that holds one.`);
  const [key, value] = [word.slice(0, equals), word.slice(equals + 1)];
  const given = value.startsWith('@') ? await contentOf(value.slice(1)) : value;
  return { [key]: typedValue(key, given, typesOf(key, schema)) };
}

function objectOf(source: string, where: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new UsageError(`${where}: this is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${where}: an object is needed, such as {"key": "value"}.`);
  return value;
}

function contentOf(file: string): Promise<string> {
  return file === '-' ? text(process.stdin) : textOf(file);
}

function typesOf(key: string, schema: JsonObject): Json[] {
  const { properties } = schema;
  const property = isObject(properties) ? properties[key] : undefined;
  const type = isObject(property) ? property.type : undefined;
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

function typedValue(key: string, given: string, types: Json[]): Json {
  if (types.length === 0 || types.includes('string')) return given;
  try {
    return JSON.parse(given);
  } catch {
    throw new UsageError(
      `--input ${key}=${given}: it has to be of the type ${types.map(String).join(' or ')}, written as JSON.`,
    );
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
