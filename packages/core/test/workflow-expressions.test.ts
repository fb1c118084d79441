import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../src/workflow.ts';
import { marked, positionsOf } from './marked-source.ts';

/** Three steps: build, then apart from each other test and deploy; the lines are deploy's. */
const deploying = (lines: string): string => `slug: a
input:
  type: object
  additionalProperties: false
  properties: { target: { type: string }, dry: { type: boolean } }
steps:
  - { key: build, type: t }
  - { key: test-it, type: t, needs: [build] }
  - key: deploy
    type: command
    needs: [build]
${lines}
`;

describe('the expressions of a workflow, when it is saved', () => {
  it.each([
    '    with: { a: "${{ steps.build.output.stdout }}", b: "${{ steps[\\"build\\"].status }}" }',
    '    with: { a: "${{ input.target }}", b: "${{ job.id + job.workflow }}", c: "${{ secrets.TOKEN }}" }',
    '    with: { a: "${{ input.?target.orValue(\'x\') }}", b: "${{ has(input.dry) }}", c: "${{ type(1) == int }}" }',
    '    with: { a: "${{ [1, 2].map(x, x * 2).filter(steps, steps > 1) }}" }',
    "    with: { a: \"${{ {'a': {'b': '}}'}} }}\", b: \"no expression: $${ } {{ }}\" }",
    '    with: { "${{ broken": keys are not read }',
    '    if: failed() || always() && input.dry',
    '    if: steps.build.error == null',
    '    if: succeeded() || failed()',
    '    forEach: ${{ steps.build.output.list }}\n    maxParallel: 2\n    if: item.ok && index > 0\n    with: { a: "${{ [item].map(item, item.name) }}" }',
    '    if: "${{ job.labels.exists(l, l == \'nightly\') }}"',
    '    with: { program: echo, args: ["${{ input.target }}"] }',
    'output: ${{ steps["test-it"].output }}',
    'output: { all: ["${{ steps.deploy.output }}", 3] }',
  ])('may be: %s', (lines) => {
    expect(parseWorkflow(deploying(lines)).issues).toEqual([]);
  });

  const refused: { what: string; lines: string; message: string }[] = [
    {
      what: 'an unknown variable',
      lines: '    with: { a: "${{ ▶inptu.target }}" }',
      message: 'There is no variable "inptu". Did you mean "input"?',
    },
    {
      what: 'an unknown variable behind a good one',
      lines: '    with: { a: "${{ input.target }} and ${{ input.dry ? ▶yes : 1 }}" }',
      message: 'There is no variable "yes". There are input, steps, job, secrets.',
    },
    {
      what: 'item in a step without forEach',
      lines: '    with: { a: "${{ ▶item }}" }',
      message: '"item" exists in the "with" and "if" of a step with "forEach" only.',
    },
    {
      what: 'item in the list itself',
      lines: '    forEach: "${{ ▶item.list }}"',
      message: '"item" exists in the "with" and "if" of a step with "forEach" only.',
    },
    {
      what: 'a misspelt item',
      lines: '    forEach: [1]\n    with: { a: "${{ ▶itme }}" }',
      message: 'There is no variable "itme". Did you mean "item"?',
    },
    {
      what: 'secrets in a list',
      lines: '    forEach: ["${{ ▶secrets.A }}"]',
      message: 'Secrets can be used in the "with" of a step only, so that they are never stored.',
    },
    {
      what: 'an unknown step',
      lines: '    with: { a: "${{ steps.▶biuld.output }}" }',
      message: 'There is no step "biuld". Did you mean "build"?',
    },
    {
      what: 'an unknown step by index',
      lines: '    with: { a: \'${{ steps[▶"biuld"].output }}\' }',
      message: 'There is no step "biuld". Did you mean "build"?',
    },
    {
      what: 'a step that may not have run',
      lines: '    with: { a: \'${{ steps[▶"test-it"].output }}\' }',
      message:
        'The step "test-it" may not have run by then. Add it to the needs of "deploy", or of a step that it needs.',
    },
    {
      what: 'the step itself',
      lines: '    if: steps.▶deploy.output == 1',
      message: 'A step cannot use its own result.',
    },
    {
      what: 'steps as a whole',
      lines: '    with: { a: "${{ size(▶steps) }}" }',
      message: 'Name the step that is meant: steps.KEY, or steps["KEY"].',
    },
    {
      what: 'a computed step',
      lines: '    with: { a: "${{ ▶steps[input.target].output }}" }',
      message: 'Name the step that is meant: steps.KEY, or steps["KEY"].',
    },
    {
      what: 'an unknown field of a step',
      lines: '    with: { a: "${{ steps.build.▶outptu.x }}" }',
      message: 'A step has no "outptu". Did you mean "output"?',
    },
    {
      what: 'output left out',
      lines: '    with: { a: "${{ steps.build.▶stdout }}" }',
      message: 'A step has no "stdout". It has status, output, error.',
    },
    {
      what: 'an unknown field of the job',
      lines: '    with: { a: "${{ job.▶idd }}" }',
      message: 'A job has no "idd". Did you mean "id"?',
    },
    {
      what: 'an input that the schema rules out',
      lines: '    with: { a: "${{ input.▶targt }}" }',
      message: 'The input has no "targt". Did you mean "target"?',
    },
    {
      what: 'an unknown function',
      lines: '    with: { a: "${{ ▶sise(input.target) }}" }',
      message: 'There is no function "sise". Did you mean "size"?',
    },
    {
      what: 'an unknown method',
      lines: '    with: { a: "${{ input.target▶.startswith(\'a\') }}" }',
      message: 'There is no function "startswith". Did you mean "startsWith"?',
    },
    {
      what: 'the outcome outside of a condition',
      lines: '    with: { a: "${{ ▶failed() }}" }',
      message: 'failed() can be used in the "if" of a step only.',
    },
    {
      what: 'a secret in a condition',
      lines: '    if: ▶secrets.TOKEN == "x"',
      message: 'Secrets can be used in the "with" of a step only, so that they are never stored.',
    },
    {
      what: 'a secret in the output',
      lines: 'output: ${{ ▶secrets.TOKEN }}',
      message: 'Secrets can be used in the "with" of a step only, so that they are never stored.',
    },
    {
      what: 'an unknown step in the output',
      lines: 'output: ${{ steps.▶tset.output }}',
      message: 'There is no step "tset".',
    },
    {
      what: 'an expression that ends early',
      lines: '    with: { a: "${{ 1 + ▶}}" }',
      message: 'The expression is wrong: Unexpected token: the end of the expression.',
    },
    { what: 'an empty expression', lines: '    with: { a: "${{  ▶}}" }', message: 'The expression is empty.' },
    {
      what: 'types that do not fit',
      lines: '    with: { a: "${{ ▶1 + \'a\' }}" }',
      message: 'The expression is wrong: no such overload: int + string.',
    },
    {
      what: 'a character that means nothing',
      lines: '    with: { a: "${{ input.target ▶# x }}" }',
      message: 'The expression is wrong: Unexpected character: #.',
    },
    {
      what: 'an expression that is not closed',
      lines: '    with: { a: "x ▶${{ input.target }" }',
      message: 'This ${{ is not closed by }}.',
    },
    {
      what: 'JavaScript',
      lines: '    with: { a: "${{ ▶process.env }}" }',
      message: 'There is no variable "process". There are input, steps, job, secrets.',
    },
    {
      what: 'the namespace of the library',
      lines: '    with: { a: "${{ ▶cel }}" }',
      message: 'There is no variable "cel". There are input, steps, job, secrets.',
    },
    {
      what: 'an expression of too many signs',
      lines: `    with: { a: "\${{ ▶${'1+'.repeat(5_000)}1 }}" }`,
      message: 'The expression is longer than 10000 signs.',
    },
    {
      what: 'a condition that is a text',
      lines: '    if: "${{ ▶\'yes\' }}"',
      message: 'A condition must be true or false, and this is of the type string.',
    },
    {
      what: 'a condition of two expressions',
      lines: '    if: ▶${{ input.dry }} && ${{ true }}',
      message: '"if" is one expression: put all of it into one ${{ … }}, or write none.',
    },
    { what: 'a condition that is a list', lines: '    if: ▶[true]', message: '"if" must be text.' },
    {
      what: 'an expression in shell text',
      lines: '    with: { run: "echo ▶${{ input.target }}" }',
      message:
        '"run" is given to a shell and may hold no ${{ }}. Pass the value by "env", or use "program" with "args".',
    },
  ];

  it.each(refused)('may not have $what, and the place is told', ({ lines, message }) => {
    const { source, positions } = marked(deploying(lines));
    const { issues } = parseWorkflow(source);
    expect(issues.map((issue) => issue.message)).toEqual([message]);
    expect(positionsOf(issues)).toEqual(positions);
  });

  it('may not have two loops that hide a wrong name', () => {
    const { source, positions } = marked(
      deploying('    with: { a: "${{ [1].map(x, [2].filter(y, ▶z > x)) + [▶x] }}" }'),
    );
    expect(positionsOf(parseWorkflow(source).issues)).toEqual(positions);
  });

  it.each([
    [
      'a literal block',
      '    with:\n      text: |\n        first line\n          ${{ input.target }}\n        third ${{\n            job.▶idd\n          }}',
    ],
    [
      'a folded block',
      '    with:\n      text: >-\n        first line\n        goes on ${{ 1 +\n        ▶nothing }} here',
    ],
    ['a plain text of two lines', '    with:\n      text: first ${{ input.dry\n        || ▶nothing }} here'],
    ['single quotes', "    with: { text: 'it''s ${{ ''a'' + ▶nothing }}' }"],
    ['double quotes with escapes', '    with: { text: "a\\tb \\u00e9 ${{ \\"a\\" + ▶nothing }}" }'],
    ['double quotes over two lines', '    with:\n      text: "a \\\n        b ${{ input.dry\n        && ▶nothing }}"'],
    ['a condition in a block', '    if: |\n      input.dry &&\n      ▶nothing'],
    ['a quoted condition', '    if: "input.target == \\"a\\" && ▶nothing"'],
    ['a marked condition in a block', '    if: >-\n      ${{\n        ▶nothing\n      }}'],
    ['an expression behind one that quotes an opening', '    with: { text: "${{ \'${{\' }} ${{ ▶nothing }}" }'],
  ])('has its place told inside %s', (_, lines) => {
    const { source, positions } = marked(deploying(lines));
    expect(positionsOf(parseWorkflow(source).issues)).toEqual(positions);
  });

  it('can use any step that surely ran before, however far above', () => {
    const { issues } = parseWorkflow(`slug: a
steps:
  - { key: a, type: t }
  - { key: b, type: t }
  - { key: c, type: t }
  - { key: d, type: t, needs: [c], with: { x: "\${{ steps.a.output }}" } }
`);
    expect(issues).toEqual([]);
  });

  it('are not compared with the order while the needs go in circles', () => {
    const { issues } = parseWorkflow(`slug: a
steps:
  - { key: a, type: t, needs: [b], with: { x: "\${{ steps.b.output }}" } }
  - { key: b, type: t, needs: [a] }
`);
    expect(issues.map(({ path }) => path)).toEqual(['/steps/0/needs']);
  });

  it('are told once for each of many mistakes in one text', () => {
    const { source, positions } = marked(deploying('    with: { a: "${{ ▶one + ▶two }} ${{ steps.▶three }}" }'));
    expect(positionsOf(parseWorkflow(source).issues)).toEqual(positions);
  });

  it('are not looked at further once there are 100 mistakes', () => {
    const many = '${{ a }}'.repeat(30_000);
    const { issues } = parseWorkflow(`slug: a\nsteps: [{ key: a, type: t, with: { x: "${many}" } }]`);
    expect(issues).toHaveLength(100);
  });

  it('may name anything in an input whose schema is open', () => {
    const { issues } = parseWorkflow('slug: a\nsteps: [{ key: a, type: t, with: { x: "${{ input.anything }}" } }]');
    expect(issues).toEqual([]);
  });
});
