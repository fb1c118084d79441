/** The GraphQL documents of the app, read from its source. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';

const SOURCES = path.resolve(import.meta.dirname, '../src');

export interface AppDocument<Definition extends DefinitionNode = OperationDefinitionNode | FragmentDefinitionNode> {
  file: string;
  /** As written. */
  text: string;
  name: string;
  definition: Definition;
}

/** Each has one definition. Unmasking is told to the compiler and not to the server. */
function readDocuments(): AppDocument[] {
  return globSync('**/*.{ts,tsx}', { cwd: SOURCES })
    .toSorted()
    .flatMap((file) =>
      [...readFileSync(path.join(SOURCES, file), 'utf8').matchAll(/graphql\(\s*`([^`]+)`/g)].map(([, text = '']) => {
        const [definition, ...others] = parse(text.replaceAll('@_unmask', '')).definitions;
        if (others.length > 0)
          throw new Error(`${file}: a document of the app has one definition, and fragments their own`);
        if (definition?.kind !== Kind.OPERATION_DEFINITION && definition?.kind !== Kind.FRAGMENT_DEFINITION)
          throw new Error(`${file}: this is no operation and no fragment: ${text}`);
        if (!definition.name) throw new Error(`${file}: an operation has no name: ${text}`);
        return { file, text, name: definition.name.value, definition };
      }),
    );
}

export interface AppDocuments {
  operations: AppDocument<OperationDefinitionNode>[];
  fragments: AppDocument<FragmentDefinitionNode>[];
}

export function readAppDocuments(): AppDocuments {
  const documents = readDocuments();
  return {
    operations: documents.filter(isOperation),
    fragments: documents.filter(isFragment),
  };
}

function isOperation(document: AppDocument): document is AppDocument<OperationDefinitionNode> {
  return document.definition.kind === Kind.OPERATION_DEFINITION;
}

function isFragment(document: AppDocument): document is AppDocument<FragmentDefinitionNode> {
  return document.definition.kind === Kind.FRAGMENT_DEFINITION;
}

/** An operation with the fragments that it spreads, and those that these spread. */
export function wholeDocument(
  operation: AppDocument<OperationDefinitionNode>,
  fragments: readonly AppDocument<FragmentDefinitionNode>[],
): DocumentNode {
  const used = new Map<string, FragmentDefinitionNode>();
  const take = (definition: DefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.find((each) => each.name === name.value);
        if (!fragment) throw new Error(`${operation.file}: there is no fragment ${name.value}`);
        if (used.has(fragment.name)) return;
        used.set(fragment.name, fragment.definition);
        take(fragment.definition);
      },
    });
  };
  take(operation.definition);
  return { kind: Kind.DOCUMENT, definitions: [operation.definition, ...used.values()] };
}
