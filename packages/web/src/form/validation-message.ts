import type { Schema } from '@cfworker/json-schema';

const FORMATS: Record<string, string> = {
  date: 'a date such as 2026-11-21',
  'date-time': 'a date and time such as 2026-11-21T10:30:00Z',
  time: 'a time such as 10:30:00Z',
  duration: 'a duration such as PT5M',
  email: 'an e-mail address',
  uri: 'an address such as https://example.org/path',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
  regex: 'a regular expression',
  'json-pointer': 'a JSON pointer such as /items/0',
};

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

/**
 * Says what is wrong with a value, for the person who typed it.
 *
 * @param keyword the JSON Schema keyword that the value offends
 * @param schema the schema that the keyword stands in
 * @param fallback what the validator says
 */
export function validationMessage(keyword: string, schema: Schema, fallback: string): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'type': {
      const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? ''];
      return `must be ${types.map((type) => TYPES[type] ?? type).join(' or ')}`;
    }
    case 'format':
      return `must be ${FORMATS[schema.format ?? ''] ?? `a valid ${schema.format}`}`;
    case 'enum':
      return `must be one of ${(schema.enum ?? []).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(schema.const)}`;
    case 'pattern':
      return `must match the pattern ${schema.pattern}`;
    case 'minLength':
      return schema.minLength === 1 ? 'must not be empty' : `must have at least ${schema.minLength} characters`;
    case 'maxLength':
      return `must have at most ${schema.maxLength} characters`;
    case 'minimum':
      return `must be at least ${schema.minimum}`;
    case 'maximum':
      return `must be at most ${schema.maximum}`;
    case 'exclusiveMinimum':
      return `must be more than ${String(schema.exclusiveMinimum)}`;
    case 'exclusiveMaximum':
      return `must be less than ${String(schema.exclusiveMaximum)}`;
    case 'multipleOf':
      return `must be a multiple of ${schema.multipleOf}`;
    case 'minItems':
      return `must have at least ${schema.minItems} ${schema.minItems === 1 ? 'entry' : 'entries'}`;
    case 'maxItems':
      return `must have at most ${schema.maxItems} ${schema.maxItems === 1 ? 'entry' : 'entries'}`;
    case 'uniqueItems':
      return 'must not have the same entry twice';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not known to this workflow';
    default:
      return fallback.replace(/^Instance /, '').replace(/\.$/, '');
  }
}
