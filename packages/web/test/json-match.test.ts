import { expect, test } from 'vitest';
import {
  apiMatches,
  conditionsOf,
  describeCondition,
  type JsonCondition,
  readCondition,
  writeCondition,
} from '../src/screens/jobs/json-match.ts';

const conditions: JsonCondition[] = [
  { part: 'input', path: '/a~1b/0', kind: 'is', value: '{"deep": true}' },
  { part: 'input', path: '/name', kind: 'is', value: 'plain text' },
  { part: 'input', path: '/code', kind: 'is', value: '"3"' },
  { part: 'output', path: '/text', kind: 'contains', value: '~100%7E' },
  { part: 'output', path: '/gone', kind: 'missing', value: '' },
  { part: 'output', path: '/there', kind: 'exists', value: '' },
];

test('a condition comes back from the URL as it was put there', () => {
  for (const condition of conditions) expect(readCondition(writeCondition(condition))).toEqual(condition);
  for (const nonsense of ['', 'input', 'neither~/a~is~1', 'input~no-pointer~is~1', 'input~/a~dances~1']) {
    expect(readCondition(nonsense)).toBeUndefined();
  }
});

test('what is typed is JSON where it is some, and a text otherwise', () => {
  expect(apiMatches(conditions, 'input')).toEqual([
    { path: '/a~1b/0', equals: { deep: true } },
    { path: '/name', equals: 'plain text' },
    { path: '/code', equals: '3' },
  ]);
  expect(apiMatches(conditions, 'output').slice(1)).toEqual([
    { path: '/gone', exists: false },
    { path: '/there', exists: true },
  ]);
  expect(apiMatches([{ part: 'input', path: '/a', kind: 'is', value: 'null' }], 'input')).toEqual([
    { path: '/a', exists: false },
  ]);
});

test('a condition of the API is read as somebody would have typed it', () => {
  const input = conditions.slice(1, 3);
  expect(conditionsOf(apiMatches(input, 'input'), 'input')).toEqual(input);
  expect(conditionsOf([{ path: 1 }, 'x', {}], 'input')).toEqual([]);
});

test('a condition reads as a sentence', () => {
  expect(describeCondition({ part: 'input', path: '/depth', kind: 'is', value: '3' })).toBe('input /depth is 3');
});
