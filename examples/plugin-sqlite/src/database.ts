import { resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { StepFailure } from '@signalbox/plugin-sdk';

/** In the order of the `?`, or by name for `:name`. */
export type Parameters = Value[] | Record<string, Value>;
type Value = string | number | boolean | null;
/** First those with a name, then those in order. */
type BoundValues = [Record<string, SQLInputValue>, ...SQLInputValue[]];

/** The part of every config that says what is asked of which database. */
export type StatementConfig = { database: string; sql: string; parameters?: Parameters };

export const statementFields = {
  database: {
    type: 'string',
    title: 'Database',
    minLength: 1,
    description: 'Path of the database file; a relative one starts where Signalbox was started.',
  },
  sql: {
    type: 'string',
    title: 'SQL',
    minLength: 1,
    format: 'multiline',
    description: 'One statement. Give values as ? or :name and never as a part of the text.',
  },
  parameters: {
    title: 'Parameters',
    description: 'The values: a list for ?, an object for :name.',
    oneOf: [
      { type: 'array', title: 'In order', items: { $ref: '#/$defs/value' } },
      { type: 'object', title: 'By name', additionalProperties: { $ref: '#/$defs/value' } },
    ],
  },
} as const;

export const definitions = { value: { type: ['string', 'number', 'boolean', 'null'] } } as const;

/** Opens the database for the work and closes it behind it. What SQLite says becomes a failure that a person can act on. */
export function withStatement<T>(
  { database: file, parameters = [], sql }: StatementConfig,
  options: { readOnly: boolean },
  work: (statement: StatementSync, values: BoundValues) => T,
): T {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(resolve(file), { ...options, timeout: 5_000 });
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return work(statement, bind(parameters));
  } catch (error) {
    throw explain(error, file);
  } finally {
    database?.close();
  }
}

/** A row as JSON can carry it: whole numbers exactly, bytes in Base64. */
export function readable(row: Record<string, SQLOutputValue>): Record<string, Value> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readableValue(value)]));
}

function readableValue(value: SQLOutputValue): Value {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function bind(parameters: Parameters): BoundValues {
  if (Array.isArray(parameters)) return [{}, ...parameters.map(bindable)];
  return [Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, bindable(value)]))];
}

function bindable(value: Value): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

function explain(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof StepFailure) return error;
  const cause = { cause: error };
  if (/unable to open|not a database/.test(error.message))
    return new StepFailure(`The database "${file}" cannot be opened: ${error.message}.`, {
      category: 'USER_INPUT',
      ...cause,
    });
  if (/locked|busy/.test(error.message))
    return new StepFailure(`The database "${file}" is busy.`, { category: 'PROCESS', retryable: true, ...cause });
  return new StepFailure(`SQLite: ${error.message}.`, { category: 'USER_INPUT', ...cause });
}
