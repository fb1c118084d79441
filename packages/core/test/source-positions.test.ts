import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, parseDocument, Scalar } from 'yaml';
import { writtenOffset } from '../src/source-positions.ts';
import { scanTemplate } from '../src/template-scan.ts';

const STYLES = [
  Scalar.PLAIN,
  Scalar.QUOTE_DOUBLE,
  Scalar.QUOTE_SINGLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const;

/** Writes a text as YAML in some style, and gives the scalar as it stands there; undefined where the writer garbles it. */
function written(text: string, style: (typeof STYLES)[number]): string | undefined {
  const scalar = new Scalar(text);
  scalar.type = style;
  const source = new Document({ a: { b: scalar } }).toString({ lineWidth: 40 });
  const node = parseDocument(source).getIn(['a', 'b'], true) as Scalar;
  const [start, end] = node.range ?? [0, 0];
  return node.value === text ? source.slice(start, end) : undefined;
}

const words = fc.array(
  fc.constantFrom(
    'first',
    "it's",
    'say "so"',
    'tab\tbed',
    'back\\slash',
    'é',
    '😀',
    'line\nbreak',
    '\n',
    '  ',
    '\t',
    ': ',
    '#',
  ),
  { maxLength: 8 },
);

describe('the way back from a decoded text to its source', () => {
  it('finds a marked place in every style of YAML', () => {
    fc.assert(
      fc.property(words, words, words, fc.constantFrom(...STYLES), (before, inside, behind, style) => {
        const text = `x${before.join(' ')} \${{ ${inside.join(' ')} § }} ${behind.join(' ')}x`;
        const raw = written(text, style);
        fc.pre(raw !== undefined);
        const start = text.indexOf('${{');
        expect(raw.charAt(writtenOffset(raw, text, start, text.indexOf('§') - start))).toBe('§');
      }),
    );
  });

  it.each([
    ['a line that ends in an escape', '"x  \\\n   \\  y § z"'],
    ['lines folded into a blank before an escaped one', '"x\n  \\ y §"'],
    ['lines folded into a line break before an escaped blank', '"x\n\n  \\ y §"'],
    ['escapes of two, four and eight digits', '"\\x41\\u0042\\U0001F600 §"'],
    ['line breaks of Windows', '"x\r\n  y \\\r\n  §"'],
    ['a doubled quote', "'it''s\n  §'"],
    ['a fold in a plain text', 'x  \n\n\n   y §'],
    ['a block with an indentation of its own', '|2\n     x\n   y §\n'],
    ['a folded block with lines further in', '>-\n  x\n  y\n\n\n    z\n\n  a §\n'],
    ['a block with the line breaks of Windows', '|-\r\n  x\r\n\r\n  y §\r\n'],
  ])('finds a marked place behind %s', (_what, scalar) => {
    const source = `a:\n - b:  ${scalar.replaceAll('\n', '\n  ')}\n`;
    const node = parseDocument(source).getIn(['a', 0, 'b'], true) as Scalar<string>;
    const [from, to] = node.range ?? [0, 0];
    const raw = source.slice(from, to);
    expect(raw.charAt(writtenOffset(raw, node.value, 0, node.value.indexOf('§')))).toBe('§');
    expect(raw.charAt(writtenOffset(raw, node.value, 0, node.value.search(/[xA]|it/)))).toMatch(/[xi\\]/);
  });

  it('takes time in proportion to the text', () => {
    const text = `x${' '.repeat(200_000)}§`;
    expect(writtenOffset(`"${text}"`, text, 0, 200_001)).toBe(200_002);
  });

  it('falls back to the start of the expression when the texts do not fit together', () => {
    expect(writtenOffset('a ${{ b }}', 'a ${{ other }}', 2, 9)).toBe(2);
    expect(writtenOffset('nothing here', 'a ${{ b }}', 2, 4)).toBe(0);
  });
});

describe('scanTemplate', () => {
  it('finds expressions that hold braces and quotes', () => {
    const sources = ['a', '{"b": {"c": 1}}', '"}}"', "'}}'", '"\\"}}"', "'''it's }} '''", 'r"}}"', ' x '];
    const text = `- ${sources.map((source) => `\${{${source}}}`).join(' - ')} -`;
    expect(scanTemplate(text).expressions.map(({ source }) => source)).toEqual(sources);
  });

  it.each([
    ['${{ a', 0],
    ['ok ${{ a }} but ${{ "}} ', 16],
    ['${{ { }}', 0],
  ])('says where an expression is not closed: %s', (text, at) => {
    expect(scanTemplate(text).unclosedAt).toBe(at);
  });

  it('takes time in proportion to the text', () => {
    const text = '${{ a }} '.repeat(100_000);
    expect(scanTemplate(text).expressions).toHaveLength(100_000);
  });
});
