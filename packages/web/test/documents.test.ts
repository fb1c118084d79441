import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, concatAST, type DocumentNode, Kind, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../src');
const schema = buildSchema(readFileSync(path.join(import.meta.dirname, '../../api/schema.graphql'), 'utf8'));

/** Every GraphQL document of the app, read from its source; unmasking is told to the compiler and not to the server. */
const documents = globSync('**/*.{ts,tsx}', { cwd: root }).flatMap((file) => {
  const source = readFileSync(path.join(root, file), 'utf8');
  return [...source.matchAll(/graphql\(\s*`([^`]+)`/g)].map(([, text = '']) => ({
    file,
    document: parse(text.replaceAll('@_unmask', '')),
  }));
});

const fragments = documents.filter(({ document }) => document.definitions[0]?.kind === Kind.FRAGMENT_DEFINITION);
const operations = documents.filter(({ document }) => document.definitions[0]?.kind === Kind.OPERATION_DEFINITION);

/** An operation alone has to be valid with exactly the fragments that it spreads, so those that it does not are no fault. */
const rules = specifiedRules.filter(({ name }) => name !== 'NoUnusedFragmentsRule');

function nameOf(document: DocumentNode): string {
  const [definition] = document.definitions;
  return definition && 'name' in definition ? (definition.name?.value ?? '') : '';
}

describe('every document of the app', () => {
  test('was found', () => {
    expect(operations.length).toBeGreaterThan(15);
    expect(fragments.length).toBeGreaterThan(5);
  });

  test.each(operations.map(({ file, document }) => [nameOf(document), file, document] as const))(
    '%s is valid against the API',
    (_name, _file, document) => {
      const whole = concatAST([document, ...fragments.map((fragment) => fragment.document)]);
      expect(validate(schema, whole, rules).map(({ message }) => message)).toEqual([]);
    },
  );

  test('has a name of its own', () => {
    const names = documents.map(({ document }) => nameOf(document));
    expect(names).toEqual([...new Set(names)]);
  });
});

test('every subscription can be resumed: it asks for the cursor and takes it back', () => {
  const subscriptions = operations.filter(({ document }) =>
    document.definitions.some((definition) => 'operation' in definition && definition.operation === 'subscription'),
  );
  expect(subscriptions.length).toBeGreaterThan(2);
  for (const { document } of subscriptions) {
    const source = document.loc?.source.body ?? '';
    expect(source).toMatch(/\$after: String/);
    expect(source).toMatch(/after: \$after/);
    expect(source).toMatch(/\bcursor\b/);
  }
});
