/** The variables of a route's operation, out of the address, the query and the body of a request. */
import type { IncomingMessage } from 'node:http';
import {
  type GraphQLInputType,
  GraphQLList,
  getNamedType,
  getNullableType,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { MOST_BODY_BYTES } from '../http/graphql.ts';
import { schema } from '../schema.ts';
import { ProblemError } from './problem.ts';
import type { RestRoute } from './routes.ts';

export interface RouteVariable {
  name: string;
  type: GraphQLInputType;
}

export function operationOf({ document, path }: RestRoute): OperationDefinitionNode {
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${path} has no operation`);
  return operation;
}

export function variablesOf(route: RestRoute): RouteVariable[] {
  return (operationOf(route).variableDefinitions ?? []).map(({ type: node, variable }) => {
    const type = typeFromAST(schema, node);
    if (!type || !isInputType(type)) throw new Error(`${route.path}: ${variable.name.value} has an unknown type`);
    return { name: variable.name.value, type };
  });
}

/** Those that the query or the body gives, as the path does not. */
export function freeVariablesOf(route: RestRoute): RouteVariable[] {
  return variablesOf(route).filter(({ name }) => !route.path.includes(`{${name}}`));
}

export async function readVariables(
  route: RestRoute,
  request: IncomingMessage,
  path: Record<string, string>,
  query: URLSearchParams,
): Promise<Record<string, unknown>> {
  const free = freeVariablesOf(route);
  const inQuery = route.method === 'GET' ? free : [];
  for (const name of query.keys()) {
    if (inQuery.some((variable) => variable.name === name)) continue;
    const known = inQuery.map((variable) => variable.name).join(', ') || 'none';
    throw new ProblemError(
      'BAD_USER_INPUT',
      `The parameter "${name.slice(0, 100)}" is not known here. Parameters: ${known}.`,
    );
  }
  if (route.method === 'GET') {
    const given = inQuery.filter(({ name }) => query.has(name));
    return { ...path, ...Object.fromEntries(given.map(({ name, type }) => [name, givenBy(type, query.getAll(name))])) };
  }
  const body = await readObject(request);
  const key = request.headers['idempotency-key'];
  if (route.idempotencyKey && key !== undefined) body[route.idempotencyKey] ??= key;
  if (route.body) return { ...path, [route.body]: body };
  for (const name of Object.keys(body)) {
    if (free.some((variable) => variable.name === name)) continue;
    const known = free.map((variable) => variable.name).join(', ') || 'none';
    throw new ProblemError('BAD_USER_INPUT', `The field "${name.slice(0, 100)}" is not known here. Fields: ${known}.`);
  }
  return { ...body, ...path };
}

/** A list may be repeated, or separated by commas. What does not fit stays text, and GraphQL says what is wrong with it. */
function givenBy(type: GraphQLInputType, texts: readonly string[]): unknown {
  const plain = getNullableType(type);
  const one = (text: string) => {
    const name = getNamedType(plain).name;
    if (name === 'Int' && /^-?\d+$/.test(text)) return Number(text);
    if (name === 'Boolean' && /^(true|false)$/.test(text)) return text === 'true';
    return text;
  };
  return plain instanceof GraphQLList
    ? texts
        .flatMap((text) => text.split(','))
        .filter(Boolean)
        .map(one)
    : one(texts.at(-1) ?? '');
}

async function readObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES)
      throw new ProblemError(
        'BODY_TOO_LARGE',
        `The body is larger than the ${MOST_BODY_BYTES} bytes that are allowed.`,
      );
    chunks.push(chunk);
  }
  if (size === 0) return {};
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new ProblemError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the body as JSON, with the header "Content-Type: application/json".',
    );
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new ProblemError(
      'BAD_USER_INPUT',
      `The body is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProblemError('BAD_USER_INPUT', 'The body must be a JSON object.');
  return { ...value };
}
