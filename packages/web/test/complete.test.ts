import { expect, test } from 'vitest';
import { type KnownStepType, suggestAt } from '../src/source/complete.ts';

const TYPES: KnownStepType[] = [
  {
    type: 'command',
    title: 'Command',
    description: 'Runs a program.',
    configSchema: {
      properties: {
        run: { type: 'string', title: 'Run', description: 'Given to a shell.' },
        env: { type: 'object', properties: { LANG: { enum: ['C', 'de'] } } },
      },
    },
    outputSchema: { properties: { exitCode: { type: 'integer' }, stdout: { type: 'string' } } },
  },
  {
    type: 'sqlite.query',
    title: 'Query',
    description: '',
    configSchema: { properties: { sql: {}, all: { type: 'boolean' } } },
    outputSchema: null,
  },
];

/** The labels that are suggested where the text has a bar. */
function suggested(marked: string): string[] | undefined {
  const at = marked.indexOf('¦');
  return suggestAt(marked.replace('¦', ''), at, TYPES)?.options.map(({ label }) => label);
}

const HEAD = 'slug: a\ninput: { type: object, properties: { repo: { type: string } } }\nsteps:\n';
const ONE = `${HEAD}  - key: one\n    name: First\n    type: command\n    with: { run: "true" }\n`;

test('the fields of a workflow, of a step, and of what its type reads', () => {
  expect(suggested('slug: a\n¦')).toContain('steps');
  expect(suggested('slug: a\nde¦')).toContain('description');
  expect(suggested(`${ONE}  - key: two\n    ¦`)).toEqual(expect.arrayContaining(['type', 'needs', 'with', 'retry']));
  expect(suggested(`${ONE}  - ¦`)).toContain('key');
  expect(suggested(`${ONE}  - key: two\n    type: command\n    with:\n      ¦`)).toEqual(['run', 'env']);
  expect(suggested(`${ONE}  - key: two\n    with:\n      ¦\n    type: sqlite.query\n`)).toEqual(['sql', 'all']);
  expect(suggested(`${ONE}  - key: two\n    type: command\n    with:\n      env:\n        ¦`)).toEqual(['LANG']);
});

test('the values that a field can have', () => {
  expect(suggested(`${ONE}  - key: two\n    type: ¦`)).toEqual(['command', 'sqlite.query']);
  expect(suggested(`${ONE}  - key: two\n    type: sqlite.query\n    with:\n      all: ¦`)).toEqual(['true', 'false']);
  expect(suggested(`${ONE}  - key: two\n    type: command\n    with:\n      env:\n        LANG: ¦`)).toEqual([
    'C',
    'de',
  ]);
  expect(suggested('slug: a\npriority: ¦')).toContain('CRITICAL');
  expect(suggested(`${ONE}  - key: two\n    needs: [¦`)).toContain('one');
});

test('the names in an expression, down to the fields of an output', () => {
  const inside = (expression: string) =>
    suggested(`${ONE}  - key: two\n    type: command\n    with:\n      run: "\${{ ${expression}¦ }}"\n`);
  expect(inside('')).toEqual(expect.arrayContaining(['input', 'steps', 'secrets', 'failed()']));
  expect(inside('input.')).toEqual(['repo']);
  expect(inside('steps.')).toEqual(['one', 'two']);
  expect(inside('size(steps.one.')).toEqual(['output', 'status', 'error']);
  expect(inside('steps.one.output.std')).toEqual(['exitCode', 'stdout']);
  expect(suggested(`${ONE}  - key: two\n    if: steps.¦\n    type: command\n`)).toContain('one');
  expect(suggested(`${ONE}  - key: two\n    with: { run: "\${{ steps.one.output.¦`)).toEqual(['exitCode', 'stdout']);
});

test('nothing in the middle of a text', () => {
  expect(suggested('description: some words ¦')).toBeUndefined();
  expect(suggested('slug: a\ninput:\n  type: ¦')).toBeUndefined();
});
