import type { IncomingMessage } from 'node:http';
import { hashOf } from '@signalbox/db/credential-text';
import { endSession, findSession, type SessionRow } from '@signalbox/db/web-sessions';
import type { Services } from '../context.ts';
import { sessionOf } from './credential.ts';

/** Ends the session that a browser has, if it has one. */
export async function leaveSession(
  request: IncomingMessage,
  { access, db }: Services,
): Promise<SessionRow | undefined> {
  const shown = sessionOf(request.headers.cookie);
  const session = shown && (await findSession(db, hashOf(shown.text)));
  if (!session) return undefined;
  await endSession(db, session.id);
  access.revoked();
  return session;
}
