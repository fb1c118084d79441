/** The cookie of a session: no script can read it, no other site's request carries it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthSettings } from '@signalbox/core/auth-settings';
import type { Database } from '@signalbox/db/client';
import { hashOf } from '@signalbox/db/credential-text';
import { rotateSession } from '@signalbox/db/web-sessions';
import { type SetCookie, stringifySetCookie } from 'cookie';
import { SECURE_SESSION_COOKIE, SESSION_COOKIE, sessionOf } from './credential.ts';
import type { Identity } from './identities.ts';

/** Whether the browser talks to us encrypted, by a proxy in front or not. */
function isEncrypted({ headers }: IncomingMessage, { publicUrl }: AuthSettings): boolean {
  return (publicUrl ?? headers.origin ?? '').startsWith('https:');
}

export function addCookie(response: ServerResponse, cookie: SetCookie): void {
  response.appendHeader('Set-Cookie', stringifySetCookie({ httpOnly: true, sameSite: 'lax', path: '/', ...cookie }));
}

export function setSessionCookie(
  request: IncomingMessage,
  response: ServerResponse,
  settings: AuthSettings,
  { expiresAt, text }: { text: string; expiresAt: Date },
): void {
  const secure = isEncrypted(request, settings);
  addCookie(response, {
    name: secure ? SECURE_SESSION_COOKIE : SESSION_COOKIE,
    value: text,
    expires: expiresAt,
    secure,
  });
}

/** Both names: one may be left of a time before encryption. */
export function clearSessionCookie(response: ServerResponse): void {
  addCookie(response, { name: SESSION_COOKIE, value: '', maxAge: 0 });
  addCookie(response, { name: SECURE_SESSION_COOKIE, value: '', maxAge: 0, secure: true });
}

/** Replaces the text of a session from time to time, so that a stolen one does not last. */
export async function renewCookie(
  request: IncomingMessage,
  response: ServerResponse,
  { isDue, viewer }: Identity,
  db: Database,
  settings: AuthSettings,
): Promise<void> {
  const session = isDue ? sessionOf(request.headers.cookie) : undefined;
  if (!session || viewer.expiresAt === null) return;
  const text = await rotateSession(db, hashOf(session.text));
  if (text !== undefined) setSessionCookie(request, response, settings, { text, expiresAt: viewer.expiresAt });
}
