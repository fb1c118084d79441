import { jsonLanguage } from '@codemirror/lang-json';
import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { placeOf } from '../src/form/json-places.ts';

const source = `{
  "repository": 5,
  "people": [{ "name": "A" }, { "na\\u006de": 7, "a/b": null }],
  "empty": {}
}`;
const text = Text.of(source.split('\n'));

/** What is marked for a path. */
function marked(...path: (string | number)[]): string {
  const { from, to } = placeOf(jsonLanguage.parser.parse(source), text, path);
  return text.sliceString(from, to);
}

test('a value is marked where it stands, in objects, in lists, and under names with escapes', () => {
  expect(marked('repository')).toBe('5');
  expect(marked('people', 0, 'name')).toBe('"A"');
  expect(marked('people', 1, 'name')).toBe('7');
  expect(marked('people', 1, 'a/b')).toBe('null');
});

test('what is missing is marked at the name of what it is missing from', () => {
  expect(marked('empty', 'more')).toBe('"empty"');
  expect(marked('people', 5)).toBe('"people"');
});

test('what is missing from the whole, or from an entry of a list, is marked at its bracket', () => {
  expect(marked('nothing')).toBe('{');
  expect(marked('people', 0, 'age')).toBe('{');
  expect(marked()).toBe('{');
});

test('a text with nothing in it has no place to mark but its beginning', () => {
  expect(placeOf(jsonLanguage.parser.parse(''), Text.empty, ['a'])).toEqual({ from: 0, to: 0 });
});
