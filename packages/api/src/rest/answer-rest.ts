/** Answers requests below /api/v1 by the GraphQL operation behind them: the same limits, rights and errors. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { AccessError } from '../auth/access-error.ts';
import type { Services } from '../context.ts';
import { sendBody, sendJson, setAccessHeaders } from '../http/answer.ts';
import type { GraphQLServer } from '../http/graphql.ts';
import { maskError } from '../http/masking.ts';
import { openApiDocument } from './openapi.ts';
import { ProblemError, sendProblem } from './problem.ts';
import { readVariables } from './request-variables.ts';
import { reshaped } from './reshape.ts';
import { type RestRoute, ROUTES } from './routes.ts';

export const REST_BASE = '/api/v1';

const MATCHERS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

export async function answerRest(
  graphql: GraphQLServer,
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const path = pathname.slice(REST_BASE.length);
    if (path === '/openapi.json' && services.access.settings.introspection) {
      sendJson(response, 200, openApiDocument());
      return;
    }
    const { parameters, route } = routeOf(request, response, path);
    const viewer = await services.access.viewerOf(request);
    const variableValues = await readVariables(route, request, parameters, searchParams);
    const { contextFactory, execute, schema } = graphql.getEnveloped({ req: request, res: response, viewer });
    const contextValue = await contextFactory();
    const result = await execute({ schema, document: route.document, contextValue, variableValues });
    sendResult(response, route, result);
  } catch (error) {
    if (error instanceof ProblemError) return sendProblem(response, { code: error.code, detail: error.message });
    if (error instanceof AccessError) {
      setAccessHeaders(response, error);
      return sendProblem(response, { code: error.code, detail: error.message });
    }
    const { extensions, message } = maskError(error, services.log);
    sendProblem(response, { code: String(extensions.code), detail: message });
  }
}

function routeOf(request: IncomingMessage, response: ServerResponse, path: string) {
  const found = MATCHERS.flatMap(({ pattern, route }) => {
    const groups = pattern.exec(path)?.groups;
    return pattern.test(path) ? [{ route, groups: groups ?? {} }] : [];
  });
  if (found.length === 0)
    throw new ProblemError(
      'NOT_FOUND',
      `There is nothing at ${REST_BASE}${path.slice(0, 100)}. ${REST_BASE}/openapi.json tells what there is.`,
    );
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const match = found.find(({ route }) => route.method === method);
  if (!match) {
    const allowed = found.map(({ route }) => route.method).join(', ');
    response.setHeader('Allow', allowed);
    throw new ProblemError('METHOD_NOT_ALLOWED', `Only ${allowed} is served there.`);
  }
  return { route: match.route, parameters: decoded(match.groups) };
}

function decoded(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    throw new ProblemError('BAD_USER_INPUT', 'The address has a % sign that stands for nothing; write it as %25.');
  }
}

function sendResult(response: ServerResponse, route: RestRoute, result: ExecutionResult): void {
  const [error] = result.errors ?? [];
  if (error) {
    sendProblem(response, { code: String(error.extensions.code), detail: error.message });
    return;
  }
  let value: unknown = result.data;
  for (const field of route.answer) value = memberOf(value, field);
  if (value === null || value === undefined) {
    const detail = 'There is no such thing, or you may not know of it.';
    sendProblem(response, { code: 'NOT_FOUND', detail });
    return;
  }
  const [code, message] = [memberOf(value, 'code'), memberOf(value, 'message')];
  if (typeof code === 'string' && typeof message === 'string') {
    const [issues, allowed] = [memberOf(value, 'issues'), memberOf(value, 'allowed')];
    sendProblem(response, {
      code,
      detail: message,
      ...(issues !== undefined && { issues }),
      ...(allowed !== undefined && { allowed }),
    });
    return;
  }
  const id = memberOf(value, 'id');
  if (route.makes && typeof id === 'string') response.setHeader('Location', `${REST_BASE}/jobs/${id}`);
  sendBody(response, route.makes ? 201 : 200, 'application/json; charset=utf-8', JSON.stringify(reshaped(value)));
}

function memberOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === field)?.[1]
    : undefined;
}
