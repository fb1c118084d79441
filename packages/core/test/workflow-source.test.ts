import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../src/workflow.ts';
import { marked, positionsOf } from './marked-source.ts';

const refused: { what: string; text: string; path: string; message: string }[] = [
  {
    what: 'an empty source',
    text: '▶',
    path: '',
    message: 'The source is empty. A workflow needs at least slug and steps.',
  },
  {
    what: 'only a comment',
    text: '▶# nothing yet',
    path: '',
    message: 'The source is empty. A workflow needs at least slug and steps.',
  },
  {
    what: 'a list',
    text: '▶- slug: a',
    path: '',
    message: 'A workflow is an object with fields such as slug and steps.',
  },
  {
    what: 'plain text',
    text: '▶hello',
    path: '',
    message: 'A workflow is an object with fields such as slug and steps.',
  },
  {
    what: 'a tab as indentation',
    text: 'slug: a\nsteps:\n▶\t- key: b',
    path: '',
    message: 'A tab is used for indentation. YAML allows spaces only.',
  },
  {
    what: 'the same field twice',
    text: 'slug: a\nname: b\n▶slug: c',
    path: '/slug',
    message: '"slug" stands here twice.',
  },
  {
    what: 'the same field twice in JSON',
    text: '{"slug": "a", ▶"slug": "b"}',
    path: '/slug',
    message: '"slug" stands here twice.',
  },
  {
    what: 'a second document',
    text: 'slug: a\nsteps: []\n▶---\nslug: b',
    path: '',
    message: 'The source holds more than one YAML document. Save each workflow by itself.',
  },
  {
    what: 'an alias without an anchor',
    text: 'slug: ▶*name',
    path: '/slug',
    message: 'There is no anchor &name above this alias.',
  },
  {
    what: 'an alias that holds itself',
    text: 'steps: &all [▶*all]',
    path: '/steps',
    message: 'More than 100 levels of nesting, or an alias that holds itself.',
  },
  {
    what: 'a tag of its own',
    text: 'slug: ▶!!python/name:os.system x',
    path: '',
    message: 'The YAML cannot be read: Unresolved tag: tag:yaml.org,2002:python/name:os.system.',
  },
  {
    what: 'an unclosed quote',
    text: 'slug: "a▶',
    path: '',
    message: 'The YAML cannot be read: Missing closing "quote.',
  },
  {
    what: 'a list as the name of a field',
    text: '? ▶[a]\n: b',
    path: '',
    message: 'The name of a field must be text.',
  },
  { what: 'a field without a name', text: 'slug: a\n▶: b', path: '', message: 'A field has no name.' },
  {
    what: 'infinity',
    text: 'slug: ▶.inf',
    path: '/slug',
    message: 'This number cannot be kept exactly. Write it as text, in quotes.',
  },
  {
    what: 'a number with too many digits',
    text: 'slug: ▶12345678901234567890',
    path: '/slug',
    message: 'This number cannot be kept exactly. Write it as text, in quotes.',
  },
  {
    what: 'a NUL',
    text: 'slug: ▶"a\\0"',
    path: '/slug',
    message: 'The text holds a NUL or half a character, which cannot be stored.',
  },
  {
    what: 'half a surrogate pair',
    text: 'slug: ▶"\\ud800"',
    path: '/slug',
    message: 'The text holds a NUL or half a character, which cannot be stored.',
  },
];

describe('the source of a workflow', () => {
  it.each(refused)('is refused with its place when it has $what', ({ text, path, message }) => {
    const { source, positions } = marked(text);
    const { issues } = parseWorkflow(source);
    expect(issues.map((issue) => ({ path: issue.path, message: issue.message }))).toEqual([{ path, message }]);
    expect(positionsOf(issues)).toEqual(positions);
  });

  it('stands where it is, also behind a text that made no sense', () => {
    const { issues } = parseWorkflow('a: b\n ${{ x: [1, 2], {\n   y: z\n  });\nw: [\n');
    expect(issues.at(-1)).toMatchObject({ message: expect.stringContaining('end with a ]'), line: 6, column: 1 });
  });

  it('may have 256 KiB and not more', () => {
    const small = 'slug: a\nsteps: [{ key: a, type: command }]\n# ';
    expect(parseWorkflow(small + 'x'.repeat(256 * 1024 - small.length)).issues).toEqual([]);
    expect(parseWorkflow(small + 'ü'.repeat(128 * 1024)).issues).toEqual([
      { path: '', message: `The source has ${256 * 1024 + small.length} bytes. A workflow may have 262144 (256 KiB).` },
    ]);
  });

  it('is refused when aliases multiply it beyond bounds', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const bomb = levels.map((name, index) => {
      const inner = index === 0 ? 'x' : `*${levels[index - 1]}`;
      return `${name}: &${name} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
    });
    const { issues } = parseWorkflow(bomb.join('\n'));
    expect(issues.map(({ message }) => message)).toEqual([
      'The source has more than 200000 values once its aliases are followed.',
    ]);
  });

  it('is refused when it is nested beyond bounds', () => {
    const { issues } = parseWorkflow('['.repeat(100_000));
    expect(issues[0]?.message).toBe('The source is nested too deeply. 100 levels are allowed.');
  });

  it('may use anchors and aliases', () => {
    const { definition } = parseWorkflow(
      'slug: a\nsteps:\n  - { key: one, type: command, with: &with { run: ls } }\n  - { key: two, type: command, with: *with }\n',
    );
    expect(definition?.steps.map((step) => step.with)).toEqual([{ run: 'ls' }, { run: 'ls' }]);
  });

  it('may be JSON', () => {
    const json = JSON.stringify({ slug: 'a', steps: [{ key: 'one', type: 'command', with: { run: 'ls' } }] });
    expect(parseWorkflow(json).definition?.steps[0]?.with).toEqual({ run: 'ls' });
  });

  it('keeps the words that older YAML took for booleans', () => {
    const { definition } = parseWorkflow('slug: a\nsteps: [{ key: one, type: t, with: { on: yes, no: off } }]');
    expect(definition?.steps[0]?.with).toEqual({ on: 'yes', no: 'off' });
  });

  it('tells of at most 100 issues, in the order of the text', () => {
    const { issues } = parseWorkflow(Array.from({ length: 500 }, (_, index) => `field${index}: 1`).join('\n'));
    expect(issues).toHaveLength(100);
    expect(issues.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('cannot reach prototypes by the names of fields', () => {
    const { definition } = parseWorkflow(
      'slug: a\nsteps: [{ key: one, type: t, with: { __proto__: { polluted: 1 }, constructor: { prototype: { polluted: 2 } } } }]',
    );
    const config = definition?.steps[0]?.with ?? {};
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
    expect(Object.keys(config)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });
});
