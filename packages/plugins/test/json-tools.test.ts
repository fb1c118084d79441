import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { tool } from '../src/tool.ts';

const run = (name: string, input: Record<string, unknown>) => runStep(tool, { config: { tool: name, input } });
const query = (expression: string, data: unknown, timeoutMs?: number) =>
  run('json.query', { expression, data, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
const validate = (schema: unknown, data: unknown, more = {}) => run('json.validate', { schema, data, ...more });

const EVIL_PATTERN = '^(a+)+$';
const EVIL_TEXT = `${'a'.repeat(60)}!`;

describe('json.query', () => {
  test('gives the value of the expression, of any kind and in any alphabet', async () => {
    const data = {
      orders: [
        { price: 2, quantity: 3, name: 'ü𝄞' },
        { price: 5, quantity: 1, name: 'b' },
      ],
    };
    expect((await query('$sum(orders.(price * quantity))', data)).output).toEqual({ value: 11 });
    expect((await query('orders.name', data)).output).toEqual({ value: ['ü𝄞', 'b'] });
    expect((await query('nothing.there', data)).output).toEqual({ value: null });
  });

  test('a large value comes back whole', async () => {
    const data = Array.from({ length: 20_000 }, (_, index) => ({ index, text: `Zeile ${index} ßß` }));
    expect((await query('$', data)).output).toEqual({ value: data });
  });

  test('an expression that cannot be read, or fails, is told with its place', async () => {
    expect((await query('$sum(', 1)).failure).toMatchObject({
      category: 'USER_INPUT',
      retryable: false,
      message: expect.stringMatching(/^The expression cannot be used: .*\(at sign 5\)\.$/),
    });
    expect((await query('$number("x")', 1)).failure?.message).toContain('Unable to cast');
  });

  test.each([
    ['recursion without end', '($f := function($x){ $f($x + 1) }; $f(1))'],
    ['a pattern that takes for ever', `$match(text, /${EVIL_PATTERN}/)`],
  ])('%s is ended after its time', async (_what, expression) => {
    expect((await query(expression, { text: EVIL_TEXT }, 500)).failure).toMatchObject({
      category: 'TIMEOUT',
      message: 'The expression took longer than 500 ms.',
    });
  });

  test('one that wants all memory is ended, and costs its own process only', async () => {
    const { failure } = await query('($f := function($x){ $f($append($x, $x)) }; $f([1, 2]))', 1, 60_000);
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('MB of memory') });
  });

  test('it reaches nothing of JavaScript', async () => {
    expect((await query('[constructor, __proto__, toString].$type()', {})).output).toEqual({ value: [] });
  });

  test('a cancel ends it at once', async () => {
    const { failure } = await runStep(tool, {
      config: {
        tool: 'json.query',
        input: { expression: '($f := function($x){ $f($x + 1) }; $f(1))', data: 1, timeoutMs: 60_000 },
      },
      abortAfterMs: 100,
    });
    expect(failure?.category).toBe('CANCELLED');
  });
});

describe('json.validate', () => {
  const schema = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string', format: 'uuid' }, tags: { prefixItems: [{ const: 'a' }], uniqueItems: true } },
    unevaluatedProperties: false,
  };

  test('a value that fits is valid', async () => {
    const data = { id: '018f0000-0000-7000-8000-000000000000', tags: ['a', 1] };
    expect((await validate(schema, data)).output).toEqual({ valid: true, problems: [] });
  });

  test('one that does not fit fails the step, with every problem in the log', async () => {
    const { failure, lines } = await validate(schema, { id: 'x', tags: ['b', 'b'], more: 1 });
    expect(failure).toMatchObject({ category: 'USER_INPUT', retryable: false });
    expect(failure?.message).toMatch(/^The data does not fit the schema: .*\(and 1 more\)\.$/);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toContain('ERROR /id: must match format "uuid"');
  });

  test('or is only reported', async () => {
    const { output } = await validate({ type: 'string' }, 7, { report: true });
    expect(output).toEqual({ valid: false, problems: [{ path: '', message: 'must be string' }] });
  });

  test.each([
    ['no schema', { type: 'strin' }, 'schema is invalid'],
    ['a schema that refers to another server', { $ref: 'http://127.0.0.1/x' }, "can't resolve reference"],
  ])('%s is told', async (_what, bad, message) => {
    expect((await validate(bad, 1)).failure).toMatchObject({
      category: 'USER_INPUT',
      message: expect.stringContaining(message),
    });
  });

  test('an evil pattern is ended after its time', async () => {
    const { failure } = await validate({ pattern: EVIL_PATTERN }, EVIL_TEXT, { timeoutMs: 500 });
    expect(failure).toMatchObject({ category: 'TIMEOUT', message: 'The schema took longer than 500 ms.' });
  });
});
