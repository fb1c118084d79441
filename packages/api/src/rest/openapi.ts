import {
  type FieldNode,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import packageJson from '../../package.json' with { type: 'json' };
import { schema } from '../schema.ts';
import { fieldOf, type JsonSchema, SchemaCollection } from './json-schema.ts';
import { statusOf } from './problem.ts';
import { freeVariablesOf, operationOf, variablesOf } from './request-variables.ts';
import { type RestRoute, ROUTES } from './routes.ts';

const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'What went wrong, as RFC 9457 has it.',
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string', description: 'The name of the status.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    code: { type: 'string', description: 'What kind of thing went wrong: one word for each, the same as in GraphQL.' },
    detail: { type: 'string', description: 'What is wrong and what to do about it.' },
    requestId: { type: 'string', description: 'Under which the server knows this request; also in X-Request-Id.' },
    issues: {
      type: 'array',
      items: { type: 'object' },
      description: 'Of INVALID_INPUT: each thing that is wrong, by JSON pointer.',
    },
    allowed: {
      type: 'array',
      items: { type: 'string' },
      description: 'Of CONFLICT: what the state of the job allows instead.',
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
};

let made: JsonSchema | undefined;

/** OpenAPI 3.1 of everything below /api/v1. */
export function openApiDocument(): JsonSchema {
  made ??= make();
  return made;
}

function make(): JsonSchema {
  const schemas = new SchemaCollection();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of ROUTES) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] ?? {}, { [route.method.toLowerCase()]: operationObject(route, schemas) });
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signalbox',
      version: packageJson.version,
      description:
        'Jobs over plain HTTP: the same operations, limits, rights and errors as the GraphQL API at /graphql.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, {}],
    paths,
    components: {
      schemas: { ...schemas.components, Problem: PROBLEM },
      responses: {
        Problem: {
          description: 'It was refused.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token, where the server wants one.' },
      },
    },
  };
}

function operationObject(route: RestRoute, schemas: SchemaCollection): JsonSchema {
  const { idempotencyKey, makes, method, operationId, path, summary } = route;
  const inPath = variablesOf(route).filter(({ name }) => path.includes(`{${name}}`));
  const free = freeVariablesOf(route);
  const parameters = [
    ...inPath.map(({ name, type }) => ({ name, in: 'path', required: true, schema: schemas.ofInput(type) })),
    ...(method === 'GET'
      ? free.map(({ name, type }) => queryParameter(name, isListType(getNullableType(type)), schemas.ofInput(type)))
      : []),
    ...(idempotencyKey
      ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' }, description: `Fills ${idempotencyKey}.` }]
      : []),
  ];
  const { description, of } = answerOf(route, schemas);
  const codes = ['BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'UNAVAILABLE'];
  if (method !== 'GET') codes.push('CONFLICT', 'INVALID_INPUT');
  return {
    operationId,
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    ...(method === 'POST' && free.length > 0 && { requestBody: bodyOf(route, schemas) }),
    responses: {
      [makes ? 201 : 200]: {
        description: makes ? 'It was made.' : 'It was done.',
        ...(makes && { headers: { Location: { schema: { type: 'string' }, description: 'Where it is.' } } }),
        content: { 'application/json': { schema: of } },
      },
      ...Object.fromEntries(codes.map((code) => [statusOf(code), { $ref: '#/components/responses/Problem' }])),
    },
  };
}

function queryParameter(name: string, isList: boolean, schemaOf: JsonSchema): JsonSchema {
  return { name, in: 'query', schema: schemaOf, ...(isList && { style: 'form', explode: false }) };
}

function bodyOf(route: RestRoute, schemas: SchemaCollection): JsonSchema {
  const free = freeVariablesOf(route);
  const whole = free.find(({ name }) => name === route.body);
  const required = free.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
  const properties = Object.fromEntries(free.map(({ name, type }) => [name, schemas.ofInput(type)]));
  const of = whole
    ? schemas.ofInput(whole.type)
    : { type: 'object', properties, required, additionalProperties: false };
  return { required: whole !== undefined || required.length > 0, content: { 'application/json': { schema: of } } };
}

/** The schema of the answer, and what GraphQL says of the field. */
function answerOf(route: RestRoute, schemas: SchemaCollection): { description: string; of: JsonSchema } {
  const { operation, selectionSet } = operationOf(route);
  let type: GraphQLNamedType | null | undefined =
    operation === 'query' ? schema.getQueryType() : schema.getMutationType();
  const { description } = fieldOf(type, route.answer[0] ?? '');
  let selected: SelectionSetNode | undefined = selectionSet;
  let of: GraphQLOutputType | undefined;
  for (const name of route.answer) {
    const node: FieldNode | undefined = selected?.selections.filter(isField).find((field) => field.name.value === name);
    selected = node?.selectionSet;
    of = fieldOf(type, name).type;
    type = getNamedType(of);
  }
  if (!of) throw new Error(`${route.path} answers nothing`);
  return {
    description: description ?? '',
    of: schemas.ofOutput(new GraphQLNonNull(getNullableType(of)), selected, route.operationId),
  };
}

function isField(node: SelectionNode): node is FieldNode {
  return node.kind === Kind.FIELD;
}
