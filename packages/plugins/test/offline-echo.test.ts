import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { prompt } from '../src/prompt.ts';

const NOTICE = '[offline/echo] No model was called.';

describe('offline/echo', () => {
  test('is the default, says that no model was called, and gives the beginning of the prompt', async () => {
    const { output, lines, progress, costs } = await runStep(prompt, {
      config: { prompt: 'Summarise:\n\nfirst\nsecond' },
    });
    expect(output).toEqual({
      text: `${NOTICE} The prompt begins:\nSummarise:\nfirst\nsecond`,
      model: 'offline/echo',
      usage: { inputTokens: 0, outputTokens: 0 },
    });
    expect(lines.map((line) => line.message)).toEqual(output?.text.split('\n'));
    expect(progress.map(({ percent }) => percent)).toEqual([25, 50, 75, 100]);
    expect(costs).toEqual([{ model: 'offline/echo', inputTokens: 0, outputTokens: 0, microUsd: 0n }]);
  });

  test('cuts long lines and long prompts, and says how much was left out', async () => {
    const long = [`${'x'.repeat(300)}`, ...Array.from({ length: 20 }, (_, index) => `line ${index}`)].join('\n');
    const { output } = await runStep(prompt, { config: { prompt: long } });
    const lines = output?.text.split('\n') ?? [];
    expect(lines[1]).toBe(`${'x'.repeat(200)}…`);
    expect(lines).toHaveLength(14);
    expect(lines.at(-1)).toBe('… and 9 more lines.');
  });

  test.each([
    [
      'texts',
      {
        type: 'object',
        required: ['a', 'b'],
        properties: { a: { type: 'string', minLength: 20 }, b: { type: 'string', maxLength: 3 } },
      },
    ],
    [
      'numbers',
      {
        type: 'object',
        required: ['a', 'b', 'c', 'd', 'e'],
        properties: {
          a: { type: 'integer', minimum: 5, multipleOf: 3 },
          b: { exclusiveMinimum: 1, type: 'number' },
          c: { type: 'number', maximum: -2 },
          d: { type: 'integer', exclusiveMaximum: 0 },
          e: { minimum: 2 },
        },
      },
    ],
    [
      'choices',
      {
        type: 'object',
        required: ['a', 'b', 'c', 'd'],
        properties: {
          a: { enum: ['x', 'y'] },
          b: { const: 7 },
          c: { default: [1] },
          d: { examples: ['like this'], pattern: '^like' },
        },
      },
    ],
    ['lists', { type: 'array', minItems: 3, prefixItems: [{ type: 'boolean' }], items: { type: 'null' } }],
    [
      'formats',
      {
        type: 'object',
        required: ['a', 'b', 'c'],
        properties: {
          a: { type: 'string', format: 'date-time' },
          b: { type: 'string', format: 'email' },
          c: { type: 'string', format: 'uuid' },
        },
      },
    ],
    [
      'references',
      {
        $ref: '#/$defs/a~1b',
        $defs: {
          'a/b': {
            type: 'object',
            required: ['kids'],
            properties: { kids: { type: 'array', items: { $ref: '#/$defs/a~1b' } } },
          },
        },
      },
    ],
    [
      'compositions',
      {
        allOf: [
          { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
          { required: ['b'], properties: { b: { anyOf: [{ type: 'integer' }, { type: 'null' }] } } },
        ],
      },
    ],
    ['several types', { type: ['string', 'null'] }],
    ['anything', {}],
  ])('answers an output schema of %s with a value that fits, the same each time', async (_what, output) => {
    const config = { prompt: 'x', output };
    const first = await runStep(prompt, { config });
    expect(first.failure).toBeUndefined();
    expect(first.output).toHaveProperty('value');
    expect(first.output?.text.startsWith(NOTICE)).toBe(true);
    expect((await runStep(prompt, { config })).output).toEqual(first.output);
  });

  test('a text in such a value says where it comes from', async () => {
    const output = {
      type: 'object',
      required: ['title'],
      properties: { title: { type: 'string' }, more: { type: 'string' } },
    };
    expect((await runStep(prompt, { config: { prompt: 'x', output } })).output?.value).toEqual({
      title: '[offline/echo]',
    });
  });

  test.each([
    ['a pattern', { type: 'string', pattern: '^\\d+$' }, 'must match pattern'],
    [
      'a value that holds itself',
      {
        $ref: '#/$defs/a',
        $defs: { a: { type: 'object', required: ['a'], properties: { a: { $ref: '#/$defs/a' } } } },
      },
      'very large',
    ],
    ['a reference to itself', { $ref: '#' }, 'very large'],
    ['a reference to a name', { $ref: '#a', $defs: { a: { $anchor: 'a', type: 'string' } } }, 'refers to #a'],
    ['a huge text', { type: 'string', minLength: 1_000_000_000 }, '1000000000 characters'],
    ['a huge list', { type: 'array', minItems: 1_000_000_000 }, '1000000000 items'],
    ['a list of long lists', { type: 'array', minItems: 1000, items: { type: 'array', minItems: 1000 } }, 'very large'],
    ['contradictions', { type: 'integer', minimum: 3, maximum: 2 }, 'must be <= 2'],
  ])('a schema with %s is refused with what stands in the way', async (_what, output, message) => {
    const { failure } = await runStep(prompt, { config: { prompt: 'x', output } });
    expect(failure).toMatchObject({ category: 'CONFIGURATION', message: expect.stringContaining(message) });
  });

  test('a schema that is made to be checked for ever is given up, and blocks nobody meanwhile', async () => {
    const output = { type: 'string', pattern: '^(a+)+$', examples: [`${'a'.repeat(50)}!`] };
    let beats = 0;
    const pulse = setInterval(() => {
      beats += 1;
    }, 20);
    const { failure } = await runStep(prompt, { config: { prompt: 'x', output } });
    clearInterval(pulse);
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('too much time') });
    // It takes seconds; somebody who was blocked would have had none.
    expect(beats).toBeGreaterThan(10);
  });

  test('a stop is heeded', async () => {
    const { failure, lines } = await runStep(prompt, { config: { prompt: 'x' }, signal: AbortSignal.abort('paused') });
    expect(failure?.category).toBe('CANCELLED');
    expect(lines).toEqual([]);
  });
});
