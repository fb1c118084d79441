import { describe, expect, it } from 'vitest';
import { checkInput, checkSchema } from '../src/input.ts';
import type { Json, JsonObject, ObjectSchema } from '../src/json.ts';

const schema: ObjectSchema = {
  type: 'object',
  required: ['repository'],
  additionalProperties: false,
  properties: {
    repository: { type: 'string', minLength: 2, pattern: '^[a-z/]+$' },
    model: { type: 'string', default: 'offline/echo' },
    count: { type: 'integer', minimum: 1, maximum: 10 },
    mode: { enum: ['fast', 'slow'] },
    mail: { type: 'string', format: 'email' },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, minItems: 1 },
    nested: { type: 'object', properties: { depth: { type: 'number', default: 3 } }, default: {} },
    either: { anyOf: [{ type: 'string' }, { type: 'object', required: ['id'] }] },
    'a/b~c': { type: 'string' },
  },
};

describe('checkInput', () => {
  it('fills in defaults, at any depth, in a copy', () => {
    const input = { repository: 'a/b' };
    expect(checkInput(schema, input)).toEqual({
      issues: [],
      value: { repository: 'a/b', model: 'offline/echo', nested: { depth: 3 } },
    });
    expect(input).toEqual({ repository: 'a/b' });
  });

  it('does not touch what was given', () => {
    const input = { repository: 'a/b', model: 'x/y', nested: { depth: 0, more: null } };
    expect(checkInput(schema, input)).toEqual({ issues: [], value: input });
  });

  const wrong: { given: JsonObject; path: string; message: string }[] = [
    { given: {}, path: '/repository', message: '"repository" is required.' },
    { given: { repository: 3 }, path: '/repository', message: 'Must be a string, but is a number.' },
    { given: { repository: null }, path: '/repository', message: 'Must be a string, but is null.' },
    { given: { repository: 'a' }, path: '/repository', message: 'Must have at least 2 characters.' },
    { given: { repository: 'A/B' }, path: '/repository', message: 'Must match the pattern ^[a-z/]+$.' },
    {
      given: { repository: 'a/b', repositroy: 'x' },
      path: '/repositroy',
      message: 'Unknown field "repositroy". Did you mean "repository"?',
    },
    { given: { repository: 'a/b', count: 0 }, path: '/count', message: 'Must be at least 1.' },
    { given: { repository: 'a/b', count: 11 }, path: '/count', message: 'Must be at most 10.' },
    { given: { repository: 'a/b', count: 1.5 }, path: '/count', message: 'Must be an integer, but is a number.' },
    {
      given: { repository: 'a/b', mode: 'fats' },
      path: '/mode',
      message: 'Must be one of "fast", "slow". Did you mean "fast"?',
    },
    { given: { repository: 'a/b', mail: 'me' }, path: '/mail', message: 'Must be a valid email.' },
    { given: { repository: 'a/b', tags: [] }, path: '/tags', message: 'Must have at least 1 item.' },
    { given: { repository: 'a/b', tags: ['x', 1] }, path: '/tags/1', message: 'Must be a string, but is a number.' },
    {
      given: { repository: 'a/b', tags: ['x', 'y', 'x'] },
      path: '/tags',
      message: 'Must not have the same item twice.',
    },
    { given: { repository: 'a/b', nested: [] }, path: '/nested', message: 'Must be an object, but is an array.' },
    {
      given: { repository: 'a/b', either: { name: 'x' } },
      path: '/either',
      message: 'None of the allowed forms fits: Must be a string, but is an object; or: "id" is required.',
    },
    { given: { repository: 'a/b', 'a/b~c': 1 }, path: '/a~1b~0c', message: 'Must be a string, but is a number.' },
  ];
  it.each(wrong)('says what is wrong with $given', ({ given, path, message }) => {
    expect(checkInput(schema, given).issues).toEqual([{ path, message }]);
  });

  it('tells of everything that is wrong at once', () => {
    const { issues } = checkInput(schema, { count: 0, mode: 'x', extra: 1 });
    expect(issues.map(({ path }) => path).toSorted()).toEqual(['/count', '/extra', '/mode', '/repository']);
  });

  it('requires fields that every object inherits, too', () => {
    const strict: ObjectSchema = { type: 'object', required: ['constructor', 'toString'] };
    expect(checkInput(strict, {}).issues.map(({ path }) => path)).toEqual(['/constructor', '/toString']);
  });

  it('keeps __proto__ in an input an ordinary field', () => {
    const input = JSON.parse('{"__proto__": {"polluted": 1}}') as JsonObject;
    const { value, issues } = checkInput({ type: 'object' }, input);
    expect(issues).toEqual([]);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1}}');
    expect('polluted' in {}).toBe(false);
  });

  it('knows two equal items in whatever order their fields come', () => {
    const unique: ObjectSchema = { type: 'object', properties: { l: { uniqueItems: true } } };
    expect(
      checkInput(unique, {
        l: [
          { a: 1, b: [2] },
          { b: [2], a: 1 },
        ],
      }).issues,
    ).toHaveLength(1);
    expect(checkInput(unique, { l: [{ a: 1 }, { a: '1' }, 1, '1', null, 'null', [1], ['1']] }).issues).toEqual([]);
  });

  it('follows references inside the schema', () => {
    const tree: ObjectSchema = {
      type: 'object',
      properties: { root: { $ref: '#/$defs/node' } },
      $defs: {
        node: {
          type: 'object',
          required: ['name'],
          properties: { children: { type: 'array', items: { $ref: '#/$defs/node' } } },
        },
      },
    };
    expect(checkInput(tree, { root: { name: 'a', children: [{ name: 'b' }, {}] } }).issues).toEqual([
      { path: '/root/children/1/name', message: '"name" is required.' },
    ]);
  });

  it('keeps schemas with the same $id apart', () => {
    const one: ObjectSchema = { $id: 'https://example.com/s', type: 'object', required: ['a'] };
    const other: ObjectSchema = { $id: 'https://example.com/s', type: 'object', required: ['b'] };
    expect(checkInput(one, {}).issues[0]?.path).toBe('/a');
    expect(checkInput(other, {}).issues[0]?.path).toBe('/b');
  });
});

describe('checkInput against hostile schemas and inputs', () => {
  it('holds each value against the pattern of its own field', () => {
    const two: ObjectSchema = {
      type: 'object',
      properties: { letters: { type: 'string', pattern: '^[a-z]+$' }, digits: { type: 'string', pattern: '^[0-9]+$' } },
    };
    expect(checkInput(two, { letters: 'ab', digits: '12' }).issues).toEqual([]);
    expect(checkInput(two, { letters: '12', digits: 'ab' }).issues).toHaveLength(2);
  });

  it('matches patterns in linear time', () => {
    const evil: ObjectSchema = { type: 'object', properties: { t: { type: 'string', pattern: '^(a+)+$' } } };
    expect(checkInput(evil, { t: `${'a'.repeat(50_000)}!` }).issues).toHaveLength(1);
  });

  it('ends patterns that are too costly for a large input', () => {
    const slow: ObjectSchema = { type: 'object', additionalProperties: { pattern: `^(${'a?'.repeat(400)}a{400})$` } };
    const values = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, 'a'.repeat(50_000)]));
    expect(checkInput(slow, values).issues).toEqual([
      { path: '', message: 'The patterns of the schema are too costly for a value of this size.' },
    ]);
  });

  it('ends a schema that asks for an exponential number of checks', () => {
    const levels = Array.from({ length: 40 }, (_, level) => [
      `d${level}`,
      { allOf: Array.from({ length: 25 }, () => ({ $ref: `#/$defs/d${level + 1}` })) },
    ]);
    const bomb: ObjectSchema = {
      type: 'object',
      $ref: '#/$defs/d0',
      $defs: { ...Object.fromEntries(levels), d40: true },
    };
    expect(checkInput(bomb, {}).issues).toEqual([
      { path: '', message: 'The schema asks for too many checks: its $refs repeat each other.' },
    ]);
  });

  it('ends a schema that refers to itself without end', () => {
    const { issues } = checkInput({ type: 'object', $ref: '#' }, {});
    expect(issues).toHaveLength(1);
    expect(issues[0]?.message).toMatch(/refers to itself without end|too many checks/);
  });

  it('compares the items of a long list quickly', () => {
    const unique: ObjectSchema = { type: 'object', properties: { l: { type: 'array', uniqueItems: true } } };
    const items: Json[] = Array.from({ length: 50_000 }, (_, index) => ({ index }));
    expect(checkInput(unique, { l: items }).issues).toEqual([]);
    expect(checkInput(unique, { l: [...items, { index: 7 }] }).issues).toHaveLength(1);
  });

  it('gives few issues for very many mistakes', () => {
    const numbers: ObjectSchema = { type: 'object', properties: { l: { items: { type: 'string' } } } };
    expect(checkInput(numbers, { l: Array.from({ length: 200_000 }, () => 1) }).issues).toHaveLength(1);
    expect(checkInput(numbers, { l: Array.from({ length: 5_000 }, () => 1) }).issues).toHaveLength(100);
  });

  it('refuses an input that is nested too deeply', () => {
    let input: JsonObject = {};
    for (let level = 0; level < 5_000; level += 1) input = { input };
    expect(checkInput({ type: 'object' }, input).issues).toEqual([
      { path: '', message: 'More than 100 levels of nesting are not allowed.' },
    ]);
  });
});

describe('checkSchema', () => {
  it.each<ObjectSchema>([
    { type: 'object' },
    schema,
    { type: 'object', $schema: 'https://json-schema.org/draft/2020-12/schema', 'x-hint': 1, unknownKeyword: true },
    { type: 'object', properties: { format: { format: 'anything-else' }, pattern: { default: { pattern: '(' } } } },
  ])('accepts %j', (good) => {
    expect(checkSchema(good)).toEqual([]);
  });

  it.each<{ bad: Record<string, unknown>; path: string; message: RegExp }>([
    { bad: { type: 'array' }, path: '/type', message: /^The schema must have the type "object"\.$/ },
    { bad: { type: 'object', required: 'a' }, path: '/required', message: /^Must be an array, but is a string\.$/ },
    {
      bad: { type: 'object', properties: { a: { minLength: -1 } } },
      path: '/properties/a/minLength',
      message: /^Must be at least 0\.$/,
    },
    {
      bad: { type: 'object', properties: { a: { pattern: '(' } } },
      path: '/properties/a/pattern',
      message: /^The pattern \( cannot be used/,
    },
    {
      bad: { type: 'object', patternProperties: { '(?!x)': {} } },
      path: '/patternProperties',
      message: /^The pattern \(\?!x\) cannot be used/,
    },
    { bad: { type: 'object', $ref: '#/$defs/none' }, path: '', message: /can't resolve reference #\/\$defs\/none/ },
    {
      bad: { type: 'object', $ref: 'https://example.com/s.json' },
      path: '',
      message: /can't resolve reference https:\/\/example.com/,
    },
    {
      bad: { type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' },
      path: '/$schema',
      message: /^Only JSON Schema 2020-12/,
    },
    { bad: { type: 'object', $async: true }, path: '/$async', message: /^Unknown field "\$async"\.$/ },
    {
      bad: { type: 'object', description: 'x'.repeat(70_000) },
      path: '',
      message: /^The schema is longer than 65536 signs\.$/,
    },
  ])('refuses $bad', ({ bad, path, message }) => {
    const issues = checkSchema(bad as ObjectSchema);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toBe(path);
    expect(issues[0]?.message).toMatch(message);
  });
});
