/** What a caller shows: an API token in the Authorization header, or the cookie of a session. */
import type { IncomingHttpHeaders } from 'node:http';
import { isCredential } from '@signalbox/db/credential-text';
import { parseCookie } from 'cookie';
import { AccessError } from './access-error.ts';

export interface Credential {
  kind: 'token' | 'session';
  text: string;
}

/** A browser keeps a cookie of the second name to itself unless it came encrypted and from this very host. */
export const SESSION_COOKIE = 'signalbox_session';
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`;

const BEARER = /^Bearer +(\S+) *$/i;

/** Throws AccessError for an Authorization that is no token: whoever sends one does not mean the cookie. */
export function credentialOf(
  headers: IncomingHttpHeaders,
  authorization = headers.authorization,
): Credential | undefined {
  if (authorization !== undefined) return { kind: 'token', text: tokenOf(authorization) };
  return sessionOf(headers.cookie);
}

function tokenOf(authorization: string): string {
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw AccessError.unauthenticated(
      'The Authorization must be "Bearer" and an API token: Authorization: Bearer sbx_api_…',
    );
  }
  return token;
}

/** A cookie that cannot be one of ours counts as none: other programs of the same host set cookies too. */
export function sessionOf(cookie: string | undefined): Credential | undefined {
  if (cookie === undefined) return undefined;
  const cookies = parseCookie(cookie);
  const text = cookies[SECURE_SESSION_COOKIE] ?? cookies[SESSION_COOKIE];
  return text !== undefined && isCredential(text, 'web') ? { kind: 'session', text } : undefined;
}
