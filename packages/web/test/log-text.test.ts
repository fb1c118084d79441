import { describe, expect, test } from 'vitest';
import { parseAnsi } from '../src/logs/ansi.ts';
import { logAddress } from '../src/logs/download.ts';
import { countChips, levelsOf } from '../src/logs/level-chips.ts';
import { type LogLine, selects } from '../src/logs/line.ts';
import { pickLine, readRange, writeRange } from '../src/logs/line-range.ts';
import { splitAtMatches } from '../src/logs/matches.ts';

const line: LogLine = {
  cursor: 'c7',
  seq: 7,
  at: '2026-11-21T10:30:00.000Z',
  level: 'WARNING',
  stream: 'STDOUT',
  message: '\u001b[33mlow\u001b[0m disk',
  stepKey: 'check',
  attempt: 2,
};

describe('the colours of a line', () => {
  test('become classes, and the codes are gone', () => {
    expect(parseAnsi('a \u001b[1;32mb\u001b[0m c').map(({ text, classes }) => [text, classes])).toEqual([
      ['a ', []],
      ['b', ['ansi-green-fg', 'ansi-bold']],
      [' c', []],
    ]);
  });

  test('outside the sixteen named ones are given as they are', () => {
    const [palette] = parseAnsi('\u001b[38;5;196mx\u001b[0m');
    const [grey] = parseAnsi('\u001b[48;5;244mx\u001b[0m');
    const [free] = parseAnsi('\u001b[38;2;1;2;3mx\u001b[0m');
    expect([palette?.color, grey?.background, free?.color]).toEqual([
      'rgb(255, 0, 0)',
      'rgb(128, 128, 128)',
      'rgb(1, 2, 3)',
    ]);
  });

  test('never bring control characters to the screen', () => {
    expect(parseAnsi('a\u0007b\rc')[0]?.text).toBe('abc');
  });
});

test('a search is found in any case and cuts the text where it matches', () => {
  expect(
    splitAtMatches('Cache hit, CACHE miss', 'cache')
      .map(({ text, match }) => (match ? `[${text}]` : text))
      .join(''),
  ).toBe('[Cache] hit, [CACHE] miss');
  expect(splitAtMatches('plain', '')).toEqual([{ at: 0, text: 'plain', match: false }]);
});

describe('a selection of lines', () => {
  test.each([
    [{}, true],
    [{ stepKey: 'check' }, true],
    [{ stepKey: 'other' }, false],
    [{ levels: [] }, true],
    [{ levels: ['ERROR', 'WARNING'] as const }, true],
    [{ levels: ['ERROR'] as const }, false],
    [{ search: 'DISK' }, true],
    [{ search: 'full' }, false],
  ])('%j takes a warning of the step check: %s', (selection, taken) => {
    expect(selects(selection, line)).toBe(taken);
  });

  test('by chips has the levels of all of them, and all levels without any', () => {
    expect(levelsOf([])).toBeUndefined();
    expect(levelsOf(['info', 'error'])).toEqual(['ERROR', 'INFO', 'PROGRESS', 'SUCCESS']);
    expect(countChips([{ level: 'INFO' }, { level: 'SUCCESS' }, { level: 'ERROR' }]).get('info')).toBe(2);
  });
});

test('the address of a log as a file says which part of it', () => {
  const selection = { stepKey: 'check[3]', levels: ['ERROR', 'WARNING'], search: 'a&b' } as const;
  const address = new URL(logAddress('job-1', selection, 'json', { from: 3, to: 9 }), 'http://signalbox.test');
  expect(address.pathname).toBe('/logs/job-1');
  expect([...address.searchParams].join(' ')).toBe(
    'format,json step,check[3] level,ERROR level,WARNING search,a&b from,3 to,9',
  );
});

test('lines are named by one number or two, and picked by a click, or with Shift up to one', () => {
  expect(readRange('1204')).toEqual({ from: 1204, to: 1204 });
  expect(readRange('1210-1204')).toEqual({ from: 1204, to: 1210 });
  for (const wrong of ['', '0', 'x', '1-', '12345678901', undefined]) expect(readRange(wrong)).toBeUndefined();
  expect([writeRange({ from: 3, to: 3 }), writeRange({ from: 3, to: 9 })]).toEqual(['3', '3-9']);
  const one = pickLine(undefined, 5, false);
  expect(pickLine(one, 9, true)).toEqual({ from: 5, to: 9 });
  expect(pickLine(one, 2, true)).toEqual({ from: 2, to: 5 });
  expect(pickLine(one, 5, false)).toBeUndefined();
});
