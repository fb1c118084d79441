/** What one operation may ask for. Everything is refused before anything is executed, on every transport. */
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type ParseOptions,
  parse,
  type Source,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { requestError } from '../request-error.ts';
import { withCode } from './masking.ts';

/** Lexical tokens of a document; GraphiQL's largest introspection has about 600. */
const MOST_TOKENS = 4_000;
/** Selected fields in a document, before fragments are spread; comparing them for conflicts is quadratic. */
const MOST_FIELDS = 1_000;
const MOST_ALIASES = 50;
const MOST_DIRECTIVES = 50;
/** Levels of fields, fragments spread. */
const DEEPEST = 15;
/** Points: one for a field, times the number of items that its lists may have. */
const MOST_COST = 20_000;

/** Parses within the limits on size. */
function parseWithinLimits(source: string | Source, options?: ParseOptions): DocumentNode {
  const document = parse(source, { ...options, maxTokens: MOST_TOKENS });
  const counts = { fields: 0, aliases: 0, directives: 0 };
  visit(document, {
    Field: ({ alias }) => {
      counts.fields++;
      if (alias) counts.aliases++;
    },
    Directive: () => {
      counts.directives++;
    },
  });
  refuseBeyond(counts.fields, MOST_FIELDS, 'fields');
  refuseBeyond(counts.aliases, MOST_ALIASES, 'aliases');
  refuseBeyond(counts.directives, MOST_DIRECTIVES, 'directives');
  return document;
}

function refuseBeyond(count: number, most: number, what: string): void {
  if (count > most) {
    throw requestError(
      `The document has ${count} ${what} and at most ${most} are allowed. Send it in parts.`,
      'QUERY_TOO_LARGE',
    );
  }
}

interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null;
  variableValues?: Record<string, unknown> | null;
  contextValue?: unknown;
}

/** Why the operation is too deep or too expensive, or nothing. Introspection is bounded by GraphQL's own rules. */
export function excessOf({
  schema,
  document,
  operationName,
  variableValues,
  contextValue,
}: Operation): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  // Without one the executor says what is wrong.
  if (!operation) return undefined;
  const definitions = [
    operation,
    ...document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION),
  ];
  let cost: { complexity: number; depth: number };
  try {
    cost = complexityFromQuery(
      { kind: Kind.DOCUMENT, definitions },
      { schema, ctx: contextValue ?? {}, variables: variableValues ?? {} },
    );
  } catch (error) {
    // Bad variables: the executor tells all of them.
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
  if (cost.depth > DEEPEST) {
    return requestError(
      `The operation is ${cost.depth} levels deep and at most ${DEEPEST} are allowed.`,
      'QUERY_TOO_EXPENSIVE',
    );
  }
  if (cost.complexity > MOST_COST) {
    return requestError(
      `The operation costs ${cost.complexity} points and at most ${MOST_COST} are allowed: one for each field, times the items that its lists may have. Ask for fewer items (first, last) or fewer fields.`,
      'QUERY_TOO_EXPENSIVE',
    );
  }
  return undefined;
}

/** The limits, and the codes of errors that GraphQL itself finds, as a plugin of the server. */
export function useQueryLimits(): Plugin {
  return {
    onParse: ({ setParseFn }) => {
      setParseFn(parseWithinLimits);
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) replaceParseResult(withCode(result, 'GRAPHQL_PARSE_FAILED'));
      };
    },
    onValidate: () => {
      return ({ result, setResult }) => {
        if (result.length > 0) setResult(result.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
      };
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const excess = excessOf(args);
      if (excess) setResultAndStopExecution({ errors: [excess] });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const excess = excessOf(args);
      if (excess) setResultAndStopExecution({ errors: [excess] });
    },
  };
}
