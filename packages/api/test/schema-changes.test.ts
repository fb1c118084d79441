import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { breakingChanges, undatedDeprecations } from '../tools/schema-changes.ts';

const textOf = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const TODAY = '2026-12-01';
const schemaWith = (fields: string, more = '') => `type Query { ${fields} } ${more}`;

test('clients of the last release work with the present schema, and each deprecation says when it ends', () => {
  const today = new Date().toISOString().slice(0, 10);
  expect(breakingChanges(textOf('released.graphql'), textOf('schema.graphql'), today)).toEqual([]);
  expect(undatedDeprecations(textOf('schema.graphql'))).toEqual([]);
});

test.each([
  ['a field that is gone', 'a: Int b: Int', 'a: Int', 'Query.b was removed'],
  ['another type', 'a: Int', 'a: String', 'Query.a changed type'],
  ['null where there was none', 'a: Int!', 'a: Int', 'Query.a changed type'],
  ['an argument that is required now', 'a: Int', 'a(b: Int!): Int', 'b'],
])('%s breaks clients', (_what, before, after, says) => {
  const changes = breakingChanges(schemaWith(before), schemaWith(after), TODAY);
  expect(changes).toEqual([expect.stringContaining(says)]);
});

test('what is added breaks nobody', () => {
  expect(breakingChanges(schemaWith('a: Int'), schemaWith('a(b: Int): Int c: Int'), TODAY)).toEqual([]);
});

test('what was deprecated until a date may go from that date on, and not before', () => {
  const before = schemaWith('a: Int b: Int @deprecated(reason: "Use a. Removed after 2026-12-01.")');
  expect(breakingChanges(before, schemaWith('a: Int'), TODAY)).toEqual([]);
  expect(breakingChanges(before, schemaWith('a: Int'), '2026-11-30')).toEqual([expect.stringContaining('Query.b')]);
});

test('a deprecation without a date is found, wherever it is', () => {
  const present = schemaWith(
    'a(b: Int @deprecated(reason: "No.")): Int @deprecated(reason: "Gone after 2027-01-01.") c: E',
    'enum E { X @deprecated Y }',
  );
  expect(undatedDeprecations(present)).toEqual(['Query.a.b', 'E.X']);
});
