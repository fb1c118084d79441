import { describe, expect, test } from 'vitest';
import {
  addStep,
  asSteps,
  freshKey,
  makesLoop,
  removeStep,
  renameStep,
  setConfigField,
  setNeeds,
  setStepField,
} from '../src/source/edit.ts';
import { readSource, type Source } from '../src/source/read.ts';

const YAML = `# About everything
slug: shop
name: Shop

steps:
  # The first thing
  - key: fetch          # from the till
    type: command
    with:
      run: |
        echo one
        echo two
    timeout: 10s

  # Adds up
  - key: add
    name: Add up
    type: prompt
    if: \${{ steps.fetch.output.exitCode == 0 }}
    with: { prompt: "Add \${{ steps.fetch.output.stdout }} and \${{ steps.fetcher.output }}" }

  - { key: mail, type: tool, needs: [fetch, add], with: { tool: email.send } } # at last

output: { total: "\${{ steps.add.output.text }}" }
`;
const JSON_TEXT =
  '{ "slug": "j", "steps": [{ "key": "a", "type": "command", "with": {} }, { "key": "b", "type": "command", "with": {} }] }';

function read(text: string): Source {
  const source = readSource(text);
  if (!source) throw new Error(`not readable:\n${text}`);
  return source;
}
const needsOf = (text: string) => read(text).steps.map(({ key, needs }) => `${key}: ${needs.join(',')}`);
/** The lines that are in one text and not in the other. */
function changed(before: string, after: string) {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return { gone: old.filter((line) => !now.includes(line)), come: now.filter((line) => !old.includes(line)) };
}

test('a text is read as far as it can be: steps, what they need, where they stand', () => {
  const source = read(YAML);
  expect(source).toMatchObject({ slug: 'shop', drawn: false });
  expect(source.steps).toMatchObject([
    {
      key: 'fetch',
      name: undefined,
      type: 'command',
      needs: [],
      namesNeeds: false,
      with: { run: 'echo one\necho two\n' },
    },
    {
      key: 'add',
      name: 'Add up',
      needs: ['fetch'],
      namesNeeds: false,
      condition: '${{ steps.fetch.output.exitCode == 0 }}',
    },
    { key: 'mail', needs: ['fetch', 'add'], namesNeeds: true },
  ]);
  expect(YAML.slice(source.steps[1]?.from).startsWith('key: add')).toBe(true);
  expect(readSource('a: [')).toBeUndefined();
  expect(readSource('')?.steps).toEqual([]);
});

describe('what a step needs', () => {
  test('is written in place, and everything else stays as it was', () => {
    const text = setNeeds(read(YAML), 'mail', ['fetch']) ?? '';
    expect(changed(YAML, text)).toEqual({
      gone: ['  - { key: mail, type: tool, needs: [fetch, add], with: { tool: email.send } } # at last'],
      come: ['  - { key: mail, type: tool, needs: [fetch], with: { tool: email.send } } # at last'],
    });
    expect(changed(YAML, setNeeds(read(YAML), 'add', []) ?? '')).toEqual({ gone: [], come: ['    needs: []'] });
  });

  test('is left out where it is the step above', () => {
    const text = setNeeds(read(YAML), 'mail', ['add']) ?? '';
    expect(text).toContain('- { key: mail, type: tool, with: { tool: email.send } } # at last');
    expect(needsOf(text)).toEqual(['fetch: ', 'add: fetch', 'mail: add']);
  });
});

describe('a new step', () => {
  const step = { key: 'end', type: 'wait', needs: ['fetch'], with: { for: '1s' } };
  test('stands behind the others, written as they are', () => {
    const text = addStep(read(YAML), step);
    expect(text).toContain(
      '# at last\n\n  - key: end\n    type: wait\n    needs: [fetch]\n    with:\n      for: 1s\n\noutput:',
    );
    expect(changed(YAML, text).gone).toEqual([]);
    expect(addStep(read(YAML), { ...step, needs: ['mail'] })).not.toContain('needs: [mail]');
  });
  test('can be the first one', () => {
    for (const start of ['slug: a\n', 'slug: a\nsteps: []\n', 'slug: a\nsteps:\n']) {
      expect(needsOf(addStep(read(start), { ...step, needs: [] }))).toEqual(['end: ']);
    }
  });
  test('joins a list that is written as JSON', () => {
    const text = addStep(read(JSON_TEXT), { ...step, needs: ['a'] });
    expect(JSON.parse(text)).toMatchObject({
      steps: [{ key: 'a' }, { key: 'b' }, { key: 'end', needs: ['a'], with: { for: '1s' } }],
    });
  });
  test('has a key of its own', () => {
    expect(freshKey(read(YAML).steps, 'http.fetch')).toBe('fetch2');
    expect(freshKey([], 'sqlite.query')).toBe('query');
  });
});

describe('a step that is taken away', () => {
  test('goes with its comment, and its heirs need what it needed', () => {
    const text = removeStep(read(YAML), 'add');
    expect(text).not.toContain('Adds up');
    expect(text).toContain('# The first thing');
    expect(needsOf(text)).toEqual(['fetch: ', 'mail: fetch']);
  });
  test('may be the first, the last, or one of a list that is written as JSON', () => {
    expect(needsOf(removeStep(read(YAML), 'fetch'))).toEqual(['add: ', 'mail: add']);
    const text = removeStep(read(YAML), 'mail');
    expect(needsOf(text)).toEqual(['fetch: ', 'add: fetch']);
    expect(text).toContain('\n\noutput:');
    expect(JSON.parse(removeStep(read(JSON_TEXT), 'a'))).toMatchObject({ steps: [{ key: 'b' }] });
    expect(JSON.parse(removeStep(read(JSON_TEXT), 'b'))).toMatchObject({ steps: [{ key: 'a' }] });
  });
});

test('a step gets another key everywhere, and nothing that only looks like it is touched', () => {
  const text = renameStep(read(YAML), 'fetch', 'load');
  expect(needsOf(text)).toEqual(['load: ', 'add: load', 'mail: load,add']);
  expect(text).toContain('if: ${{ steps.load.output.exitCode == 0 }}');
  expect(text).toContain('${{ steps.load.output.stdout }} and ${{ steps.fetcher.output }}');
  expect(text).toContain('- key: load          # from the till');
  expect(renameStep(read(YAML), 'add', 'sum')).toContain('output: { total: "${{ steps.sum.output.text }}" }');
});

test('a field of what a type reads is written alone, and the others stay as they were', () => {
  const text = setConfigField(read(YAML), 'fetch', 'env', { A: '1' });
  expect(changed(YAML, text)).toEqual({ gone: [], come: ['      env:', '        A: "1"'] });
  expect(changed(YAML, setConfigField(read(YAML), 'mail', 'input', { to: 'a' })).come).toEqual([
    '  - { key: mail, type: tool, needs: [fetch, add], with: { tool: email.send, input: {to: a} } } # at last',
  ]);
  const none = setStepField(read(YAML), 'add', 'with', undefined);
  expect(read(setConfigField(read(none), 'add', 'prompt', 'Hi')).steps[1]?.with).toEqual({ prompt: 'Hi' });
});

describe('a field of a step', () => {
  test('is written, replaced and taken away in a block', () => {
    const named = setStepField(read(YAML), 'fetch', 'name', 'Get it: all');
    expect(changed(YAML, named)).toEqual({ gone: [], come: ['    name: "Get it: all"'] });
    const other = setStepField(read(YAML), 'fetch', 'with', { run: 'true', env: { A: '1' } });
    expect(read(other).steps[0]?.with).toEqual({ run: 'true', env: { A: '1' } });
    expect(other).toContain('      env:\n        A: "1"\n    timeout: 10s');
    expect(read(setStepField(read(YAML), 'add', 'if', undefined)).steps[1]).toMatchObject({
      condition: undefined,
      type: 'prompt',
    });
    expect(read(setStepField(read(YAML), 'add', 'with', undefined)).steps).toMatchObject([
      {},
      { key: 'add', with: {} },
      { key: 'mail' },
    ]);
  });
  test('is written on its line in an object that has one', () => {
    const text = setStepField(read(YAML), 'mail', 'with', { tool: 'json.query' });
    expect(text).toContain('needs: [fetch, add], with: {tool: json.query} } # at last');
    expect(JSON.parse(setStepField(read(JSON_TEXT), 'a', 'name', 'A'))).toMatchObject({
      steps: [{ key: 'a', name: 'A' }, {}],
    });
  });
});

test('a need that would make a step wait for itself is told', () => {
  const { steps } = read(YAML);
  expect(makesLoop(steps, 'fetch', 'mail')).toBe(true);
  expect(makesLoop(steps, 'add', 'add')).toBe(true);
  expect(makesLoop(steps, 'mail', 'fetch')).toBe(false);
});

test('a workflow that is drawn is read, and can be written as steps', () => {
  const drawn = JSON.stringify({
    slug: 'd',
    nodes: [
      { id: 'a', type: 'command', data: { name: 'A', with: { run: 'true' } } },
      { id: 'b', type: 'command', data: { with: { run: 'true' } } },
    ],
    edges: [{ source: 'a', target: 'b' }],
  });
  expect(read(drawn)).toMatchObject({
    drawn: true,
    steps: [
      { key: 'a', name: 'A' },
      { key: 'b', needs: ['a'] },
    ],
  });
  const steps = read(asSteps(read(drawn)));
  expect(steps).toMatchObject({
    slug: 'd',
    drawn: false,
    steps: [
      { key: 'a', name: 'A', needs: [], with: { run: 'true' } },
      { key: 'b', needs: ['a'] },
    ],
  });
});

describe('what steps share by anchor and alias', () => {
  const SHARED = `steps:
  - key: one
    type: command
    with: &same
      run: echo 1
      cwd: /tmp
  - key: two
    type: command
    with: *same
  - key: three
    type: command
    with: *same
`;
  const configs = (text: string) => read(text).steps.map((step) => step.with);
  const config = { run: 'echo 1', cwd: '/tmp' };

  test('is read where it is taken from', () => {
    expect(configs(SHARED)).toEqual([config, config, config]);
  });

  test('stays with the others, as it was written, when the one that has it is removed', () => {
    const text = removeStep(read(SHARED), 'one');
    expect(text).toContain('  - key: two\n    type: command\n    with: &same\n      run: echo 1\n      cwd: /tmp\n');
    expect(configs(text)).toEqual([config, config]);
    expect(configs(removeStep(read(SHARED), 'two'))).toEqual([config, config]);
  });

  test('moves in or out with its new place', () => {
    const script = 'one\n\n  two\n';
    const deep = `steps:
      - key: one
        type: command
        with: { run: x }
        env:
          all: &text |
            one

              two
      - key: two
        type: command
        with:
          run: *text
`;
    const text = removeStep(read(deep), 'one');
    expect(configs(text)).toEqual([{ run: script }]);
    const flow = removeStep(read(deep.replace('run: *text', 'env: [*text, *text]')), 'one');
    expect(configs(flow)).toEqual([{ env: [script, script] }]);
  });

  test('stays with the others when the one that has it writes something else', () => {
    const text = SHARED.replace('run: echo 1', 'run: &it echo 1').replaceAll('*same', '{ run: *it }');
    expect(configs(setConfigField(read(text), 'one', 'run', 'echo 2'))).toEqual([
      { ...config, run: 'echo 2' },
      { run: 'echo 1' },
      { run: 'echo 1' },
    ]);
    expect(configs(setStepField(read(SHARED), 'one', 'with', { run: 'x' }))).toEqual([{ run: 'x' }, config, config]);
  });

  test('becomes a step’s own when it is changed there', () => {
    const text = setConfigField(read(SHARED), 'two', 'run', 'echo 2');
    expect(configs(text)).toEqual([config, { ...config, run: 'echo 2' }, config]);
    expect(configs(setConfigField(read(SHARED), 'two', 'cwd', undefined))).toEqual([config, { run: 'echo 1' }, config]);
  });
});
