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

/** Writes a text as YAML in some style, and gives the scalar as it stands there. */
function written(text: string, style: (typeof STYLES)[number]): string {
  const scalar = new Scalar(text);
  scalar.type = style;
  const source = new Document({ a: { b: scalar } }).toString({ lineWidth: 40 });
  const node = parseDocument(source).getIn(['a', 'b'], true) as Scalar;
  expect(node.value).toBe(text);
  const [start, end] = node.range ?? [0, 0];
  return source.slice(start, end);
}

const words = fc.array(
  fc.constantFrom('first', "it's", 'say "so"', 'tab\tbed', 'back\\slash', 'é', 'line\nbreak', '  ', ': '),
  {
    maxLength: 8,
  },
);

describe('the way back from a decoded text to its source', () => {
  it('finds a marked place in every style of YAML', () => {
    fc.assert(
      fc.property(words, words, words, fc.constantFrom(...STYLES), (before, inside, behind, style) => {
        const text = `x${before.join(' ')} \${{ ${inside.join(' ')} § }} ${behind.join(' ')}x`;
        const raw = written(text, style);
        const start = text.indexOf('${{');
        expect(raw.charAt(writtenOffset(raw, text, start, text.indexOf('§') - start))).toBe('§');
      }),
    );
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
