import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, OperationTypeNode, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readAppDocuments, wholeDocument } from '../tools/documents.ts';
import { operationsOf } from '../tools/operations.ts';

const schema = buildSchema(readFileSync(path.join(import.meta.dirname, '../../api/schema.graphql'), 'utf8'));
const documents = readAppDocuments();
const { fragments, operations } = documents;

describe('every document of the app', () => {
  test('was found', () => {
    expect(operations.length).toBeGreaterThan(15);
    expect(fragments.length).toBeGreaterThan(5);
    const sources = path.join(import.meta.dirname, '../src');
    const written = globSync('**/*.{ts,tsx}', { cwd: sources }).flatMap((file) => [
      ...readFileSync(path.join(sources, file), 'utf8').matchAll(/(?<!\w)graphql\(/g),
    ]);
    expect(operations.length + fragments.length).toBe(written.length);
  });

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s is valid against the API',
    (_name, operation) => {
      expect(validate(schema, wholeDocument(operation, fragments)).map(({ message }) => message)).toEqual([]);
    },
  );

  test('has a name of its own', () => {
    const names = [...operations, ...fragments].map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

test('every subscription can be resumed: it asks for the cursor and takes it back', () => {
  const subscriptions = operations.filter(({ definition }) => definition.operation === OperationTypeNode.SUBSCRIPTION);
  expect(subscriptions.length).toBeGreaterThan(2);
  for (const { text } of subscriptions) {
    expect(text).toMatch(/\$after: String/);
    expect(text).toMatch(/after: \$after/);
    expect(text).toMatch(/\bcursor\b/);
  }
});

describe('the list for the server', () => {
  const { hashes, manifest } = operationsOf(documents);

  test('has each operation under the SHA-256 of its text, as written and as the cache asks for it', () => {
    expect(Object.keys(hashes)).toEqual(operations.map(({ name }) => name));
    for (const [name, { plain, typed }] of Object.entries(hashes)) {
      for (const hash of [plain, typed]) {
        const text = manifest[hash] ?? '';
        expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
        expect(text).toMatch(new RegExp(`(query|mutation|subscription) ${name}\\b`));
      }
      expect(manifest[typed]).toContain('__typename');
    }
  });

  test('holds what the server accepts', () => {
    for (const text of Object.values(manifest)) expect(validate(schema, parse(text))).toEqual([]);
  });
});
