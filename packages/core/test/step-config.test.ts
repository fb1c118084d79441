import { describe, expect, it } from 'vitest';
import type { ObjectSchema } from '../src/json.ts';
import { parseWorkflow } from '../src/workflow.ts';
import { marked, positionsOf } from './marked-source.ts';

const stepTypes = new Map<string, ObjectSchema>([
  [
    'command',
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        run: { type: 'string' },
        program: { type: 'string' },
        args: { type: 'array', items: { type: 'string' }, maxItems: 2 },
        env: { type: 'object', additionalProperties: { type: 'string' } },
      },
      oneOf: [{ required: ['run'] }, { required: ['program'] }],
    },
  ],
  [
    'prompt',
    {
      type: 'object',
      required: ['prompt'],
      properties: {
        prompt: { type: 'string', minLength: 1 },
        temperature: { type: 'number', maximum: 2 },
        style: { enum: ['plain', 'rich'] },
        tools: { type: 'array', uniqueItems: true },
        mode: {
          anyOf: [
            { type: 'object', required: ['a'] },
            { type: 'object', required: ['b'] },
          ],
        },
      },
      if: { properties: { style: { const: 'rich' } }, required: ['style'] },
      then: { required: ['temperature'] },
    },
  ],
  ['broken.schema', { type: 'object', $ref: '#/nowhere' }],
]);

const withStep = (lines: string): string => `slug: a\nsteps:\n  - key: one\n${lines}\n`;

describe('what a step is given, when the workflow is saved', () => {
  it.each([
    '    type: command\n    with: { run: ls }',
    '    type: command\n    with: { program: "${{ input.program }}", args: ["${{ input.a }}"] }',
    '    type: command\n    with: { program: ls, args: "${{ input.args }}", env: { N: "${{ input.n }}" } }',
    '    type: prompt\n    with: { prompt: "${{ input.p }}", temperature: "${{ input.t }}", style: "${{ input.s }}" }',
    '    type: prompt\n    with: { prompt: p, tools: ["${{ input.x }}", "${{ input.x }}"], mode: { a: "${{ input.a }}" } }',
    '    type: broken.schema\n    with: { anything: 1 }',
  ])('fits: %j', (lines) => {
    expect(parseWorkflow(withStep(lines), stepTypes).issues).toEqual([]);
  });

  it.each([
    { lines: '    type: ▶comand', messages: ['There is no step type "comand". Did you mean "command"?'] },
    {
      lines: '    type: ▶zzzzzzz',
      messages: ['There is no step type "zzzzzzz". There are command, prompt, broken.schema.'],
    },
    {
      lines: '    type: command\n    with: { ▶rnu: ls, run: ls }',
      messages: ['Unknown field "rnu". Did you mean "run"?'],
    },
    {
      lines: '    type: command\n    ▶with: {}',
      messages: ['None of the allowed forms fits: "run" is required; or: "program" is required.'],
    },
    {
      lines: '    type: command\n    ▶with: { env: { A: "${{ input.a }}" } }',
      messages: ['None of the allowed forms fits: "run" is required; or: "program" is required.'],
    },
    {
      lines: '    type: command\n    ▶with: { run: ls, program: ls }',
      messages: ['More than one of the allowed forms fits.'],
    },
    {
      lines: '    type: command\n    with: { run: ls, env: { ▶A: 1 } }',
      messages: ['Must be a string, but is a number.'],
    },
    {
      lines: '    type: command\n    with: { program: ls, ▶args: ["${{ input.a }}", b, c] }',
      messages: ['Must have at most 2 items.'],
    },
    {
      lines: '    type: command\n    with: { program: ls, args: ["${{ input.a }}", ▶3] }',
      messages: ['Must be a string, but is a number.'],
    },
    { lines: '    type: prompt\n    with: ▶{ temperature: "${{ input.t }}" }', messages: ['"prompt" is required.'] },
    {
      lines: '    type: prompt\n    with: { prompt: p, ▶style: fancy }',
      messages: ['Must be one of "plain", "rich".'],
    },
    { lines: '    type: prompt\n    with: ▶{ prompt: p, style: rich }', messages: ['"temperature" is required.'] },
    {
      lines: '    type: prompt\n    with: { prompt: p, ▶tools: [a, a] }',
      messages: ['Must not have the same item twice.'],
    },
    {
      lines: '    type: prompt\n    with: { prompt: p, ▶mode: { c: "${{ input.c }}" } }',
      messages: ['None of the allowed forms fits: "a" is required; or: "b" is required.'],
    },
  ])('does not fit, with its place: $lines', ({ lines, messages }) => {
    const { source, positions } = marked(withStep(lines));
    const { issues } = parseWorkflow(source, stepTypes);
    expect(issues.map(({ message }) => message)).toEqual(messages);
    expect(positionsOf(issues)).toEqual(positions);
  });

  it('is taken as it is when no step types are known', () => {
    expect(parseWorkflow(withStep('    type: anything.new\n    with: { x: 1 }')).issues).toEqual([]);
  });
});
