import type { Schema } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { sortIssues } from '../src/form/issues.ts';
import libraryValidator from '../src/form/library-validator.ts';
import { parseInput } from '../src/form/parse-input.ts';
import { findProblems, parsePointer, withoutGaps } from '../src/form/validator.ts';
import { newIdempotencyKey } from '../src/screens/create-job/draft.ts';

const schema: Schema = {
  type: 'object',
  required: ['repository'],
  additionalProperties: false,
  properties: {
    repository: { type: 'string', minLength: 1 },
    top: { type: 'integer', minimum: 1, maximum: 100 },
    since: { type: 'string', format: 'date' },
    model: { enum: ['offline/echo', 'openai/gpt-5-mini'] },
    people: { type: 'array', items: { $ref: '#/$defs/person' } },
    target: { oneOf: [{ type: 'string' }, { type: 'object', required: ['host'] }] },
  },
  $defs: { person: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
};

const said = (input: unknown) =>
  findProblems(schema, input).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('an input', () => {
  test('that fits its schema has no problems', () => {
    expect(
      said({ repository: 'acme/site', top: 3, since: '2026-07-01', model: 'offline/echo', people: [{ name: 'A' }] }),
    ).toEqual([]);
  });

  test.each([
    [{}, 'repository: is required'],
    [{ repository: '' }, 'repository: must not be empty'],
    [{ repository: 7 }, 'repository: must be text'],
    [{ repository: 'x', top: 0 }, 'top: must be at least 1'],
    [{ repository: 'x', top: 101 }, 'top: must be at most 100'],
    [{ repository: 'x', top: 1.5 }, 'top: must be a whole number'],
    [{ repository: 'x', since: 'soon' }, 'since: must be a date such as 2026-11-21'],
    [{ repository: 'x', model: 'other' }, 'model: must be one of "offline/echo", "openai/gpt-5-mini"'],
    [{ repository: 'x', colour: 'red' }, 'colour: is not known to this workflow'],
    [{ repository: 'x', people: [{ name: 'A' }, {}] }, 'people.1.name: is required'],
  ])('%j is told what is wrong, and where: %s', (input, problem) => {
    expect(said(input)).toEqual([problem]);
  });

  test('that fits none of several schemas is told so once, at its own place', () => {
    expect(said({ repository: 'x', target: 5 })).toEqual(['target: does not match exactly one subschema (0 matches)']);
  });

  test.each(['50%', 'a/b', '~', '%25', 'a#b', 'é', '', '0'])(
    'with a field named %j is told what is wrong there',
    (name) => {
      const odd: Schema = { type: 'object', properties: { [name]: { type: 'object', required: ['x'] } } };
      expect(findProblems(odd, { [name]: 1 })).toMatchObject([
        { path: [name === '0' ? 0 : name], message: 'must be an object' },
      ]);
      expect(findProblems(odd, { [name]: {} })).toMatchObject([{ message: 'is required' }]);
    },
  );

  test('with half a character in a name is told so', () => {
    expect(said({ '\ud800': 1 })).toEqual([': has a name with half a character in it, which cannot be stored']);
  });

  test('has all of its problems told at once', () => {
    expect(said({ top: 'many', since: 5 })).toHaveLength(3);
  });
});

test('the form gets its problems at its fields, and fields that were emptied count as missing', () => {
  const { errors, errorSchema } = libraryValidator.validateFormData({ repository: undefined, top: 0 }, schema as never);
  expect(errors.map(({ property }) => property)).toEqual(['.repository', '.top']);
  expect(errorSchema).toMatchObject({ top: { __errors: ['must be at least 1'] } });
});

test('a part of a schema is checked with the definitions of the whole', () => {
  const part = { $ref: '#/$defs/person' };
  expect(libraryValidator.isValid(part, { name: 'A' }, schema as never)).toBe(true);
  expect(libraryValidator.isValid(part, {}, schema as never)).toBe(false);
});

describe('what the API found wrong', () => {
  test('is sorted to the fields of the form', () => {
    const { fields, others } = sortIssues(
      [
        { path: '/repository', message: 'is not a folder' },
        { path: '/people/1/name', message: 'is taken' },
        { path: '', message: 'needs something else' },
        { path: '/unknown', message: 'is unknown' },
      ],
      ['repository', 'people'],
    );
    expect(fields).toEqual({
      repository: { __errors: ['is not a folder'] },
      people: { 1: { name: { __errors: ['is taken'] } } },
    });
    expect(others).toEqual(['needs something else', 'unknown: is unknown']);
  });

  test('is read as it is, also where it looks like a part of a URL', () => {
    const { fields } = sortIssues([{ path: '/50%', message: 'is too much' }], ['50%']);
    expect(fields).toEqual({ '50%': { __errors: ['is too much'] } });
  });
});

test('a JSON pointer is taken apart, escapes included', () => {
  expect(parsePointer('#/a~1b/0/c~0d/01')).toEqual(['a/b', 0, 'c~d', '01']);
  expect(parsePointer('')).toEqual([]);
});

test('only one JSON object is an input', () => {
  expect(parseInput('{"a": 1}')).toEqual({ input: { a: 1 } });
  expect(parseInput('  ')).toEqual({ input: {} });
  for (const text of ['[1]', '"a"', 'null', '{"a": }']) expect(parseInput(text)).toHaveProperty('problem');
});

test('missing values are left out of what is sent', () => {
  expect(withoutGaps({ a: undefined, b: null, c: { d: undefined } })).toEqual({ b: null, c: {} });
});

test('every request has a key of its own', () => {
  const keys = Array.from({ length: 50 }, newIdempotencyKey);
  expect(new Set(keys).size).toBe(50);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});
