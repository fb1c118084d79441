/** Sessions of the web app, and sign-ins at an OpenID provider that have begun. */
import type { AccessScope } from './api-tokens.ts';
import type { Database } from './client.ts';
import { hashOf, newCredential } from './credential-text.ts';
import { newId } from './ids.ts';
import { storableText } from './storable.ts';

type Pool = Pick<Database, 'pool'>;

export interface SessionRow {
  id: string;
  tenantId: string;
  owner: string;
  name: string;
  scope: AccessScope;
  tokenId: string | null;
  expiresAt: Date;
  /** Its text is old enough to be replaced, and is the present one. */
  isDue: boolean;
}

export interface NewSession {
  tenantId: string;
  owner: string;
  name: string;
  scope: AccessScope;
  /** Absent when an OpenID provider answers for it. */
  tokenId?: string;
  hours: number;
}

const ROTATE_AFTER = `interval '1 hour'`;
/** As long as requests may be under way with the text before. */
const OLD_TEXT_COUNTS_FOR = `interval '5 minutes'`;

/** Gives the text for the cookie. Sessions that are over are removed on the way. It ends with its token at the latest. */
export async function startSession({ pool }: Pool, session: NewSession): Promise<{ text: string; expiresAt: Date }> {
  const text = newCredential('web');
  await pool.query('DELETE FROM web_session WHERE expires_at < now()');
  const { rows } = await pool.query<{ expiresAt: Date }>(
    `INSERT INTO web_session (id, tenant_id, hash, owner, name, scope, token_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7,
       least(now() + make_interval(hours => $8), (SELECT expires_at FROM api_token WHERE id = $7)))
     RETURNING expires_at AS "expiresAt"`,
    [
      newId(),
      session.tenantId,
      hashOf(text),
      storableText(session.owner),
      storableText(session.name),
      session.scope,
      session.tokenId ?? null,
      session.hours,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error('the session was not stored');
  return { text, expiresAt: row.expiresAt };
}

export async function findSession({ pool }: Pool, hash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await pool.query<SessionRow>({
    name: 'find-session',
    text: `SELECT id, tenant_id AS "tenantId", owner, name, scope, token_id AS "tokenId", expires_at AS "expiresAt",
             hash = $1 AND rotated_at < now() - ${ROTATE_AFTER} AS "isDue"
           FROM web_session
           WHERE (hash = $1 OR (previous_hash = $1 AND rotated_at > now() - ${OLD_TEXT_COUNTS_FOR})) AND expires_at > now()`,
    values: [hash],
  });
  return rows[0];
}

/** A new text for a session; nothing when somebody else was first. */
export async function rotateSession({ pool }: Pool, hash: Buffer): Promise<string | undefined> {
  const text = newCredential('web');
  const { rowCount } = await pool.query(
    `UPDATE web_session SET hash = $2, previous_hash = $1, rotated_at = now()
     WHERE hash = $1 AND rotated_at < now() - ${ROTATE_AFTER}`,
    [hash, hashOf(text)],
  );
  return rowCount === 1 ? text : undefined;
}

export async function endSession({ pool }: Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM web_session WHERE id = $1', [id]);
}

/** Also those in other browsers. */
export async function endSessionsOf({ pool }: Pool, tenantId: string, owner: string): Promise<void> {
  await pool.query('DELETE FROM web_session WHERE tenant_id = $1 AND owner = $2', [tenantId, owner]);
}

export interface BegunSignIn {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
}

const SIGN_IN_MAY_TAKE = `interval '10 minutes'`;

/** `text` is what the browser's cookie holds. */
export async function beginSignIn({ pool }: Pool, text: string, begun: BegunSignIn): Promise<void> {
  await pool.query('DELETE FROM sign_in WHERE expires_at < now()');
  await pool.query(
    `INSERT INTO sign_in (hash, state, nonce, verifier, return_to, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + ${SIGN_IN_MAY_TAKE})`,
    [hashOf(text), begun.state, begun.nonce, begun.verifier, begun.returnTo],
  );
}

/** What was begun, once; nothing when it is unknown, was finished before, or took too long. */
export async function takeSignIn({ pool }: Pool, text: string): Promise<BegunSignIn | undefined> {
  const { rows } = await pool.query<BegunSignIn & { isInTime: boolean }>(
    `DELETE FROM sign_in WHERE hash = $1
     RETURNING state, nonce, verifier, return_to AS "returnTo", expires_at > now() AS "isInTime"`,
    [hashOf(text)],
  );
  return rows[0]?.isInTime ? rows[0] : undefined;
}
