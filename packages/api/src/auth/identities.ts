/** Finds who a credential stands for. What was found counts for a moment, so that a busy caller costs hardly a read. */
import { type AccessScope, findApiToken, noteTokenUse } from '@signalbox/db/api-tokens';
import type { Database } from '@signalbox/db/client';
import { hashOf, isCredential } from '@signalbox/db/credential-text';
import { findSession } from '@signalbox/db/web-sessions';
import { LRUCache } from 'lru-cache';
import type { Credential } from './credential.ts';
import type { Right, Viewer } from './viewer.ts';

/** How long something revoked may go on at another process of ours, and at most 2,000 of these are known at a time. */
const COUNTS_FOR_MS = 2_000;
const MOST_KNOWN = 2_000;
const NOTE_USE_EVERY_MS = 60_000;

const RIGHTS: Record<AccessScope, ReadonlySet<Right>> = {
  READ: new Set<Right>(['read']),
  OPERATE: new Set<Right>(['read', 'operate']),
  ADMIN: new Set<Right>(['read', 'operate', 'admin']),
};

export interface Identity {
  viewer: Viewer;
  scope: AccessScope;
  /** The text of the session's cookie should be replaced. */
  isDue?: boolean;
}

/** Nobody was found; why, for the caller. `isGuess` when no such credential was ever given out. */
export interface Nobody {
  reason: string;
  isGuess: boolean;
}

export type Found = Identity | Nobody;

export class Identities {
  readonly #db: Database;
  readonly #onError: (error: unknown) => void;
  readonly #known = new LRUCache<string, Found>({ max: MOST_KNOWN, ttl: COUNTS_FOR_MS });
  /** Credentials that somebody was found by, whatever has become of them since. */
  readonly #genuine = new LRUCache<string, true>({ max: MOST_KNOWN });
  /** When the use of a token was noted last. */
  readonly #noted = new LRUCache<string, true>({ max: MOST_KNOWN, ttl: NOTE_USE_EVERY_MS });

  constructor(db: Database, onError: (error: unknown) => void) {
    this.#db = db;
    this.#onError = onError;
  }

  /** Whether it was found here before: then it is no guess, and looking it up again costs hardly a read. */
  hasMet({ text }: Credential): boolean {
    return this.#genuine.get(keyOf(text)) ?? false;
  }

  /** What is known of it without asking the database. */
  #peek({ kind, text }: Credential): Found | undefined {
    if (!isCredential(text, kind === 'token' ? 'api' : 'web')) return { reason: MALFORMED, isGuess: true };
    const found = this.#known.get(keyOf(text));
    return found && 'viewer' in found ? current(found) : found;
  }

  async find(credential: Credential): Promise<Found> {
    const { kind, text } = credential;
    const found =
      this.#peek(credential) ?? (await (kind === 'token' ? this.#findToken(text) : this.#findSession(text)));
    if ('viewer' in found && found.viewer.signedInBy === 'TOKEN') this.#noteUse(found.viewer.credentialId ?? '');
    return found;
  }

  /** Something was revoked here: nothing that was found before counts any more. */
  forget(): void {
    this.#known.clear();
  }

  async #findToken(text: string): Promise<Found> {
    const token = await findApiToken(this.#db, hashOf(text));
    if (!token) return this.#keep(text, { reason: 'There is no such API token.', isGuess: true });
    if (token.revokedAt)
      return this.#keep(text, { reason: `The API token ${token.prefix}… was revoked.`, isGuess: false });
    const viewer: Viewer = {
      tenantId: token.tenantId,
      name: token.name,
      // Not its id: a new token in the place of one that runs out finds what the old one kept.
      owner: token.name,
      rights: RIGHTS[token.scope],
      signedInBy: 'TOKEN',
      expiresAt: token.expiresAt,
      credentialId: token.id,
    };
    return current(this.#keep(text, { viewer, scope: token.scope }));
  }

  async #findSession(text: string): Promise<Found> {
    const session = await findSession(this.#db, hashOf(text));
    if (!session) return this.#keep(text, { reason: SESSION_OVER, isGuess: false });
    const viewer: Viewer = {
      tenantId: session.tenantId,
      name: session.name,
      owner: session.tokenId === null ? session.owner : session.name,
      rights: RIGHTS[session.scope],
      signedInBy: session.tokenId === null ? 'OIDC' : 'SESSION',
      expiresAt: session.expiresAt,
      credentialId: session.id,
    };
    return current(this.#keep(text, { viewer, scope: session.scope, isDue: session.isDue }));
  }

  #keep<Result extends Found>(text: string, found: Result): Result {
    this.#known.set(keyOf(text), found);
    if ('viewer' in found) this.#genuine.set(keyOf(text), true);
    return found;
  }

  #noteUse(tokenId: string): void {
    if (this.#noted.has(tokenId)) return;
    this.#noted.set(tokenId, true);
    noteTokenUse(this.#db, tokenId).catch(this.#onError);
  }
}

const MALFORMED = 'This is no API token: it must be copied whole, from sbx_api_ to its last sign.';
const SESSION_OVER = 'The session has ended. Sign in again.';

/** Credentials themselves are not kept in memory. */
function keyOf(text: string): string {
  return hashOf(text).toString('base64');
}

function current(identity: Identity): Found {
  const { expiresAt, signedInBy } = identity.viewer;
  if (expiresAt === null || expiresAt.getTime() > Date.now()) return identity;
  return { reason: signedInBy === 'TOKEN' ? 'The API token has expired.' : SESSION_OVER, isGuess: false };
}
