import type { ObjectSchema } from '@signalbox/plugin-sdk';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ strict: false, logger: false });
const compiled = new WeakMap<ObjectSchema, ValidateFunction>();

/** What is wrong with the input of a built-in tool, or nothing. Only for our own schemas: a stranger's could block. */
export function inputProblem(schema: ObjectSchema, input: Record<string, unknown>): string | undefined {
  const fits = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, fits);
  return fits(input) ? undefined : ajv.errorsText(fits.errors, { dataVar: 'input' });
}
