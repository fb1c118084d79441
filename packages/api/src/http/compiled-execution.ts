/**
 * Queries that come again are compiled: to complete some thousand fields of a page one by one takes longer than all else that
 * is done for it. What a compiled query cannot answer without an error the ordinary executor answers, so that errors are the
 * same everywhere. Reading twice is harmless; mutations and subscriptions are never compiled.
 */
import { complexityFromQuery } from '@pothos/plugin-complexity';
import { isOverLimit } from '@signalbox/db/outage';
import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { isDatabaseOutage } from '../database-outage.ts';

/** Compiling takes longer than to execute a few times, and what comes once is not worth it. */
const COMPILED_AT = 3;
const MOST_COMPILED = 200;
/** Fields, fragments spread. Nobody else is answered while one compiles. */
const MOST_FIELDS = 600;

interface Seen {
  times: number;
  /** Null for what is not compiled. */
  query?: CompiledQuery | null;
}

/** Documents are cached by their text, so the object stands for the text. */
export function compiledExecution(): Plugin {
  const seen = new LRUCache<DocumentNode, Map<string, Seen>>({ max: MOST_COMPILED });
  /** The operation if it was asked often enough. */
  const repeated = (args: ExecutionArgs): Seen | undefined => {
    const { document, operationName } = args;
    if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return undefined;
    const operations = seen.get(document) ?? new Map<string, Seen>();
    seen.set(document, operations);
    const operation = operations.get(operationName ?? '') ?? { times: 0 };
    operations.set(operationName ?? '', operation);
    operation.times += 1;
    if (operation.times < COMPILED_AT) return undefined;
    if (operation.query === undefined) operation.query = compile(args);
    return operation;
  };
  return {
    onExecute: ({ args, executeFn, setExecuteFn }) => {
      const operation = repeated(args);
      if (!operation?.query) return;
      const { query } = operation.query;
      setExecuteFn(async (asked: ExecutionArgs) => {
        const result = await query(asked.rootValue, asked.contextValue, asked.variableValues);
        if (!result.errors || result.errors.some(({ originalError }) => wouldNotHelp(originalError))) return result;
        const plain = await executeFn(asked);
        // Whatever it stumbled over, it would again.
        if (!plain.errors) operation.query = null;
        return plain;
      });
    },
  };
}

/** To ask a database again that is away or took too long. */
function wouldNotHelp(error: unknown): boolean {
  return isDatabaseOutage(error) || isOverLimit(error);
}

function compile({
  contextValue,
  document,
  operationName,
  schema,
  variableValues,
}: ExecutionArgs): CompiledQuery | null {
  if (usesVariablesInside(document) || buildsOfVariables(document)) return null;
  const context = { schema, ctx: contextValue ?? {}, variables: variableValues ?? {} };
  if (complexityFromQuery(document, context).breadth > MOST_FIELDS) return null;
  const made = compileQuery(schema, document, operationName ?? undefined);
  return isCompiledQuery(made) ? made : null;
}

/**
 * Below the fields at the root: Pothos looks at what is selected there, and does not find variables where a compiled query
 * keeps them.
 */
function usesVariablesInside({ definitions }: DocumentNode): boolean {
  return definitions.some((definition) => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) return usesVariables(definition);
    if (definition.kind !== Kind.OPERATION_DEFINITION) return false;
    return definition.selectionSet.selections.some((field) =>
      field.kind === Kind.FIELD ? field.selectionSet && usesVariables(field.selectionSet) : usesVariables(field),
    );
  });
}

/** A compiled query loses those within a JSON value, and takes one that is absent for null within an input object. */
function buildsOfVariables(document: DocumentNode): boolean {
  let builds = false;
  const look = (node: ASTNode) => {
    builds ||= usesVariables(node);
    return builds ? BREAK : false;
  };
  visit(document, { ListValue: look, ObjectValue: look });
  return builds;
}

function usesVariables(node: ASTNode): boolean {
  let used = false;
  visit(node, {
    Variable: () => {
      used = true;
      return BREAK;
    },
  });
  return used;
}
