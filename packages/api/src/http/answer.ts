import type { ServerResponse } from 'node:http';
import type { AccessError } from '../auth/access-error.ts';

/** What every answer of the service carries, whatever it is. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
}

/** One line of plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  sendBody(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendBody(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

/** An answer in the form of GraphQL for what is refused before GraphQL sees it. */
export function sendGraphQLError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}

/** What a caller hears who is not let in: in the form of GraphQL, which is JSON for everybody else. */
export function sendAccessError(response: ServerResponse, error: AccessError): void {
  setAccessHeaders(response, error);
  sendJson(response, error.status, { errors: [error.toGraphQLError()] });
}

/** How to sign in, or when to come again. */
export function setAccessHeaders(response: ServerResponse, error: AccessError): void {
  if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="signalbox"');
  if (error.retryAfter !== undefined) response.setHeader('Retry-After', error.retryAfter);
}

export function sendBody(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
