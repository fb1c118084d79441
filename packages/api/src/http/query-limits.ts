/** What one operation may ask for. Everything is refused before anything is executed, on every transport. */
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type ParseOptions,
  parse,
  type Source,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { type RequestErrorCode, requestError } from '../request-error.ts';
import { withCode } from './masking.ts';

/** Of the text of a document. A longer one is not even looked at. */
const MOST_CHARACTERS = 64 * 1024;
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
const MOST_VARIABLE_ERRORS = 20;

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

/**
 * Why the operation is not executed: bad variables, or too deep, or too expensive. Empty when it is. Introspection is bounded
 * by GraphQL's own rules.
 */
export function objectionsTo({
  schema,
  document,
  operationName,
  variableValues,
  contextValue,
}: Operation): GraphQLError[] {
  const operation = getOperationAST(document, operationName);
  // Without one the executor says what is wrong.
  if (!operation) return [];
  const given = variableValues ?? {};
  // The executor would tell every one of a million bad values.
  const variables = getVariableValues(schema, operation.variableDefinitions ?? [], given, {
    maxErrors: MOST_VARIABLE_ERRORS,
  });
  if (variables.errors) {
    return variables.errors.map(({ message, nodes }) => refused(message, 'BAD_USER_INPUT', nodes));
  }
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const { complexity, depth } = complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
    { schema, ctx: contextValue ?? {}, variables: given },
  );
  if (depth > DEEPEST) {
    return [
      refused(`The operation is ${depth} levels deep and at most ${DEEPEST} are allowed.`, 'QUERY_TOO_EXPENSIVE'),
    ];
  }
  if (complexity > MOST_COST) {
    const message = `The operation costs ${complexity} points and at most ${MOST_COST} are allowed: one for each field, times the items that its lists may have. Ask for fewer items (first, last) or fewer fields.`;
    return [refused(message, 'QUERY_TOO_EXPENSIVE')];
  }
  return [];
}

function refused(message: string, code: RequestErrorCode, nodes?: GraphQLError['nodes']): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code, http: { status: 400 } } });
}

/** Why the text of a document is not looked at, or nothing. */
export function objectionToText(query: unknown): GraphQLError | undefined {
  if (typeof query !== 'string' || query.length <= MOST_CHARACTERS) return undefined;
  return refused(
    `The document has ${query.length} characters and at most ${MOST_CHARACTERS} are allowed. Pass values as variables.`,
    'QUERY_TOO_LARGE',
  );
}

/**
 * Parsed documents by their text, and what was wrong with others. Bounded by the length of the texts, since what is made of
 * a text takes up to 200 times its place.
 */
export const documentCaches = {
  documentCache: new LRUCache<string, DocumentNode>({ maxSize: 512 * 1024, sizeCalculation: sizeOf }),
  errorCache: new LRUCache<string, Error>({ maxSize: 256 * 1024, sizeCalculation: sizeOf }),
};

function sizeOf(_value: unknown, text: string): number {
  return Math.max(1, text.length);
}

/** The limits, and the codes of errors that GraphQL itself finds, as a plugin of the server. */
export function queryLimits({ introspection }: { introspection: boolean }): Plugin {
  return {
    onParams: ({ params, setResult }) => {
      const objection = objectionToText(params.query);
      if (objection) setResult({ errors: [objection] });
    },
    onParse: ({ setParseFn }) => {
      setParseFn(parseWithinLimits);
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) replaceParseResult(withCode(result, 'GRAPHQL_PARSE_FAILED'));
      };
    },
    onValidate: ({ addValidationRule }) => {
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
      return ({ result, setResult }) => {
        if (result.length > 0) setResult(result.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
      };
    },
    onExecute: ({ args, setResultAndStopExecution }) => {
      const errors = objectionsTo(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      const errors = objectionsTo(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}
