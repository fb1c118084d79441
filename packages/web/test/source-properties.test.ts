import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../src/app/graphql.ts';
import { addStep, removeStep, renameStep, setConfigField, setNeeds, setStepField } from '../src/source/edit.ts';
import { readSource, type Source } from '../src/source/read.ts';

const BLOCK = `# About everything
slug: shop

steps:
  # The first thing
  - key: one          # from the till
    type: command
    with:
      run: |
        echo one

        echo two
      cwd: /tmp   # somewhere
    timeout: 10s

  # Adds up
  - key: two
    name: >-
      Add
      up
    type: prompt
    with: { prompt: "Add up", max: 3 }

  - { key: three, type: tool, needs: [one, two], with: { tool: email.send } } # at last

  -   key: four
      type: wait
      with:
        for: 1s
`;
const TEXTS = [
  BLOCK,
  BLOCK.trimEnd(),
  `${BLOCK}output: { total: 1 }\n`,
  `${BLOCK}\n# The end\n`,
  BLOCK.replaceAll(/^ {2}(?= *[-k#nwtrecu} ])/gm, ''),
  '{ "slug": "j", "steps": [{ "key": "one", "type": "command", "with": {} }, { "key": "two", "type": "a", "with": { "x": [1] } }] }',
  JSON.stringify(
    {
      slug: 'j',
      steps: [
        { key: 'one', type: 'a', with: { b: 1 } },
        { key: 'two', type: 'a' },
      ],
    },
    null,
    2,
  ),
  'steps:\n  -\n    key: one\n    with:\n      # about a\n      a: |\n        x\n      # behind a\n  # two\n  - type: b\n    # its key\n    "key": two # it is\n',
  'steps: [{ key: one, type: a }, { key: two, type: b, with: { c: d } }]\nslug: flow',
  'slug: a\nsteps:\n- key: one\n  type: x\n  with:\n    a: 1\n- key: two\n  with: {}\n  type: y\nname: last',
];

/** What YAML gives a meaning to, or cannot show. */
const WORDS = [
  [
    'one',
    'a',
    "it's",
    'say "so"',
    'tab\tbed',
    'back\\slash',
    'é',
    '😀',
    '\n',
    '\n\n',
    ' ',
    '\t',
    ': ',
    '#',
    ' #',
    '- ',
    ',',
  ],
  [
    '{',
    '[',
    '}',
    ']',
    '&',
    '*',
    '|',
    '>',
    '%',
    '@',
    '`',
    '\r',
    '\u0085',
    '\u2028',
    '\u0001',
    'no',
    '1',
    'null',
    '~',
    '---',
  ],
  ['...', '? ', '!', '${{ 1 }}'],
].flat();
const word = fc.constantFrom(...WORDS);
const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));
const value = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.constantFrom(null, true, false, 0, -1.5, 1e21),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
}));

interface Meaning extends JsonObject {
  steps: JsonObject[];
}
interface Change {
  does: string;
  apply(source: Source): string;
  /** What it is to make of the values. */
  expected(before: Meaning): Meaning;
}

/** The values of a text, with what each step needs by its place written out. */
function meaning(source: Source): Meaning {
  const plain: Omit<Meaning, 'steps'> & { steps: JsonObject[] | null } = source.document.toJS();
  return {
    ...plain,
    steps: (plain.steps ?? []).map((step, index) => ({ ...step, needs: source.steps[index]?.needs ?? [] })),
  };
}

const KEYS = ['one', 'two', 'three', 'four', 'new'];
const key = fc.constantFrom(...KEYS);
const needs = fc.uniqueArray(key, { maxLength: 3 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc
    .record({ key, name: fc.constantFrom('name', 'if', 'timeout'), to: fc.option(value.value, { nil: undefined }) })
    .map(({ key, name, to }) => ({
      does: `${name} of ${key} becomes ${JSON.stringify(to)}`,
      apply: (source: Source) => setStepField(source, key, name, to),
      expected: (before: Meaning) => withStep(before, key, (step) => withField(step, name, to)),
    })),
  fc
    .record({
      key,
      name: fc.oneof(fc.constantFrom('run', 'cwd', 'key', 'needs', 'prompt', 'max', 'tool', 'for', 'a', 'x'), text),
      to: fc.option(value.value, { nil: undefined }),
    })
    .map(({ key, name, to }) => ({
      does: `with.${JSON.stringify(name)} of ${key} becomes ${JSON.stringify(to)}`,
      apply: (source: Source) => setConfigField(source, key, name, to),
      expected: (before: Meaning) =>
        withStep(before, key, (step) => {
          const config = (step.with ?? {}) as JsonObject;
          return to === undefined && !(name in config) ? step : { ...step, with: withField(config, name, to) };
        }),
    })),
  fc.record({ needs, with: value.object }).map((fields) => ({
    does: `a step is added: ${JSON.stringify(fields)}`,
    apply: (source: Source) =>
      has(source, 'new') ? source.text : addStep(source, { key: 'new', type: 'b', ...fields }),
    expected: (before: Meaning) =>
      has(before, 'new') ? before : { ...before, steps: [...before.steps, { key: 'new', type: 'b', ...fields }] },
  })),
  key.map((key) => ({
    does: `${key} is removed`,
    apply: (source: Source) => removeStep(source, key),
    expected: (before: Meaning) => {
      const gone = before.steps.find((step) => step.key === key)?.needs as string[] | undefined;
      const instead = (needs: string[]) => [
        ...new Set(needs.flatMap((need) => (need === key ? (gone ?? []) : [need]))),
      ];
      const left = before.steps.filter((step) => step.key !== key);
      return gone
        ? { ...before, steps: left.map((step) => ({ ...step, needs: instead(step.needs as string[]) })) }
        : before;
    },
  })),
  key.map((key) => ({
    does: `${key} is renamed`,
    apply: (source: Source) => (has(source, 'renamed') ? source.text : renameStep(source, key, 'renamed')),
    expected: (before: Meaning) => {
      const renamed = (name: Json) => (name === key && !has(before, 'renamed') ? 'renamed' : name);
      return {
        ...before,
        steps: before.steps.map((step) => ({
          ...step,
          key: renamed(step.key ?? ''),
          needs: (step.needs as string[]).map(renamed),
        })),
      };
    },
  })),
  fc.record({ key, needs }).map(({ key, needs }) => ({
    does: `${key} needs ${needs.join(', ')}`,
    apply: (source: Source) => setNeeds(source, key, needs) ?? '',
    expected: (before: Meaning) => withStep(before, key, (step) => ({ ...step, needs })),
  })),
);

function has({ steps }: Pick<Meaning, 'steps'> | Source, key: string): boolean {
  return steps.some((step) => step.key === key);
}
function withStep(before: Meaning, key: string, change: (step: JsonObject) => JsonObject): Meaning {
  return { ...before, steps: before.steps.map((step) => (step.key === key ? change(step) : step)) };
}
function withField(object: JsonObject, name: string, to: Json | undefined): JsonObject {
  const { [name]: _, ...rest } = object;
  return to === undefined ? rest : { ...object, [name]: to };
}

function read(text: string): Source {
  const source = readSource(text);
  if (!source) throw new Error(`cannot be read:\n${text}`);
  return source;
}

test('an edit does to the values of a text what it says and nothing else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), fc.array(change, { minLength: 1, maxLength: 4 }), (start, changes) => {
      let now = start;
      for (const { does, apply, expected } of changes) {
        const before = read(now);
        now = apply(before);
        expect(meaning(read(now)), `${does}:\n${before.text}\n---\n${now}`).toEqual(expected(meaning(before)));
        if (start.startsWith('{')) JSON.parse(now);
      }
    }),
    { numRuns: 1000 },
  );
});

test('an edit of one field leaves the comments about everything else', () => {
  const comments = ['# About everything', '# The first thing', '# from the till', '# Adds up', '# at last'];
  const field = fc.record({
    key,
    name: fc.constantFrom('name', 'if', 'timeout', 'run'),
    to: fc.option(value.value, { nil: undefined }),
  });
  fc.assert(
    fc.property(field, ({ key, name, to }) => {
      const edit = name === 'run' ? setConfigField : setStepField;
      const after = edit(read(BLOCK), key, name, to);
      for (const comment of [...comments, '# somewhere']) expect(after).toContain(comment);
    }),
  );
});

const SIGNS = [
  [
    '${{ ',
    '\n',
    '  ',
    '- ',
    ': ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '|',
    '&a ',
    '*a',
    '*b',
    '!x ',
    '#',
    '\t',
    ',',
    '? ',
    '~',
  ],
  ['needs: ', 'null', 'steps: ', 'nodes: ', 'edges: ', '---\n', '<<: ', 'key: ', 'type: 1', 'id: '],
].flat();
const slip = fc.record({ at: fc.nat(), gone: fc.nat(20), sign: fc.constantFrom(...SIGNS, '') });

test('a text in the middle of being typed is read or not, and edited where it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), fc.array(slip, { maxLength: 3 }), change, (start, slips, { apply }) => {
      const typed = slips.reduce((text, { at, gone, sign }) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + sign + text.slice(place + gone);
      }, start);
      const source = readSource(typed);
      expect(typeof (source && source.steps.length > 0 ? apply(source) : typed)).toBe('string');
    }),
    { numRuns: 3000 },
  );
});

test('a text with an alias that leads nowhere cannot be read yet', () => {
  const text = 'steps: [{ key: one, type: a, with: { b: *there } }]';
  expect(readSource(text)).toBeUndefined();
  expect(readSource(text.replace('type: a', 'type: &there a'))).toBeDefined();
});

test.each([
  '{ "steps": [{ "key": "one", "type": "a", "with": &a { "b": 1, "c": *a } }] }',
  '{ "steps": [&a { "key": "one", "type": "a", "with": *a }] }',
  'steps:\n  - &a\n    key: one\n    type: a\n    with:\n      b: [*a]\n',
])('a text with an alias that stands within what it names cannot be read yet: %s', (text) => {
  expect(readSource(text)).toBeUndefined();
  expect(readSource(text.replace('*a', '1'))).toBeDefined();
});
