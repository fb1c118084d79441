/** Signing in and out of the web app, under /auth. Everything else finds out who asks by itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { endSessionsOf, startSession } from '@signalbox/db/web-sessions';
import type { Services } from '../context.ts';
import { sendGraphQLError, sendJson } from '../http/answer.ts';
import { addressOf } from './address.ts';
import { leaveSession } from './leave-session.ts';
import { beginOidc, finishOidc } from './oidc-routes.ts';
import { clearSessionCookie, setSessionCookie } from './session-cookie.ts';

const MOST_BODY_BYTES = 4 * 1024;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

export const AUTH_PATHS = /^\/auth(\/|$)/;

export async function answerAuth(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  services: Services,
): Promise<void> {
  const { settings } = services.access;
  const action = `${request.method} ${url.pathname}`;
  if (action === 'GET /auth/methods') {
    const { mode, oidc } = settings;
    return sendJson(response, 200, { required: mode !== 'off', oidc: oidc ? { name: oidc.name } : null });
  }
  if (settings.mode === 'off') {
    return sendGraphQLError(response, 404, 'NOT_FOUND', 'Authentication is off: there is nothing to sign in to.');
  }
  switch (action) {
    case 'POST /auth/session':
      return signIn(request, response, services);
    case 'DELETE /auth/session':
      return signOut(request, response, services, url.searchParams.has('everywhere'));
    case 'GET /auth/oidc':
      return beginOidc(request, response, url, services);
    case 'GET /auth/oidc/callback':
      return finishOidc(request, response, url, services);
    default:
      return sendGraphQLError(response, 404, 'NOT_FOUND', `There is no ${action.slice(0, 100)}.`);
  }
}

/** A session in exchange for an API token, so that the browser need not keep the token. */
async function signIn(request: IncomingMessage, response: ServerResponse, services: Services): Promise<void> {
  const { access, db } = services;
  const token = await tokenIn(request);
  if (token === undefined) {
    return sendGraphQLError(response, 400, 'BAD_USER_INPUT', 'Send { "token": "sbx_api_…" } as application/json.');
  }
  const credential = { kind: 'token', text: token.trim() } as const;
  const { scope, viewer } = await access.identifyBy(credential, addressOf(request, access.settings.trustedProxies));
  const tokenId = viewer.credentialId ?? '';
  await leaveSession(request, services);
  const session = await startSession(db, {
    tenantId: viewer.tenantId,
    owner: `token:${tokenId}`,
    name: viewer.name,
    scope,
    tokenId,
    hours: access.settings.sessionHours,
  });
  setSessionCookie(request, response, access.settings, session);
  response.writeHead(204).end();
}

/** Also without a session: whoever signs out twice is signed out. */
async function signOut(
  request: IncomingMessage,
  response: ServerResponse,
  services: Services,
  everywhere: boolean,
): Promise<void> {
  const session = await leaveSession(request, services);
  if (everywhere && session) await endSessionsOf(services.db, session.tenantId, session.owner);
  services.access.revoked();
  clearSessionCookie(response);
  response.writeHead(204).end();
}

async function tokenIn(request: IncomingMessage): Promise<string | undefined> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return undefined;
  const length = Number(request.headers['content-length']);
  // Told in advance: nobody has a reason to send a token in pieces of unknown length.
  if (!(length <= MOST_BODY_BYTES)) return undefined;
  const body = await readJson(request);
  return typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string'
    ? body.token
    : undefined;
}

async function readJson(stream: Readable): Promise<unknown> {
  try {
    return await json(stream);
  } catch {
    return undefined;
  }
}
