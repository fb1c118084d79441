import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GOES_ON, TextLog } from '../src/text-log.ts';

function streamed(parts: readonly string[]): string[] {
  const lines: string[] = [];
  const log = new TextLog({ log: (_level, message) => lines.push(message) });
  for (const part of parts) log.push(part);
  log.end();
  return lines;
}

/** As anybody can put the text together again. */
function putTogether(lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      if (line.endsWith(GOES_ON)) return line.slice(0, -GOES_ON.length);
      return index === lines.length - 1 ? line : `${line}\n`;
    })
    .join('');
}

const pieces = fc.array(
  fc.oneof(
    fc.string(),
    fc.constantFrom('\n', '\r\n', GOES_ON, `a${GOES_ON}\n`, '😀'.repeat(1_500), 'word '.repeat(700)),
  ),
);

test('the lines give exactly the text that was streamed, whatever pieces it came in', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      expect(putTogether(streamed(parts))).toBe(parts.join(''));
    }),
  );
});

test('no line holds a line break, and none is longer than a piece', () => {
  const lines = streamed(['x'.repeat(5_000), '\nshort\n']);
  expect(lines.every((line) => !line.includes('\n') && line.length <= 2_001)).toBe(true);
  expect(lines.slice(-2)).toEqual(['short', '']);
});
