import { type ErrorSchema, ErrorSchemaBuilder } from '@rjsf/utils';
import { type FormInput, parsePointer } from './validator.ts';

/** One thing that is wrong with an input. */
export interface Issue {
  /** A JSON pointer into it. */
  path: string;
  message: string;
}

/** What was found wrong, sorted to the fields it belongs to. */
export interface SortedIssues {
  /** For the fields of the generated form. */
  fields: ErrorSchema<FormInput>;
  /** What belongs to no field of the form. */
  others: string[];
}

/**
 * Sorts issues by their pointers, which lead into what was sent: the part under `/input` is the form's.
 *
 * @param properties the names of the form's own fields
 */
export function sortIssues(issues: readonly Issue[], properties: readonly string[]): SortedIssues {
  const builder = new ErrorSchemaBuilder<FormInput>();
  const others: string[] = [];
  for (const { path, message } of issues) {
    const parts = parsePointer(path);
    const inside = parts[0] === 'input' && !properties.includes('input') ? parts.slice(1) : parts;
    const [field] = inside;
    if (field !== undefined && properties.includes(String(field))) builder.addErrors(message, inside);
    else others.push(path === '' ? message : `${inside.join('.') || 'input'}: ${message}`);
  }
  return { fields: builder.ErrorSchema, others };
}
