/** Who may come in. Every transport asks here, before anything else is done for a caller. */
import type { IncomingMessage } from 'node:http';
import type { AuthSettings } from '@signalbox/core/auth-settings';
import type { Database } from '@signalbox/db/client';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AccessError } from './access-error.ts';
import { addressOf } from './address.ts';
import { type Credential, credentialOf } from './credential.ts';
import { Identities, type Identity } from './identities.ts';
import { LiveAccess } from './live-access.ts';
import { LOCAL_VIEWER, type Viewer } from './viewer.ts';

/** Credentials that never existed, from one address in a minute. Nobody could guess one: this keeps the database free. */
const MOST_GUESSES = 20;
/** Sign-ins at a provider that one address may begin in a minute: each is remembered for a while. */
const MOST_SIGN_INS = 60;

export class Access {
  readonly settings: AuthSettings;
  readonly #identities: Identities;
  readonly #live: LiveAccess;
  readonly #guesses = new RateLimiterMemory({ points: MOST_GUESSES, duration: 60 });
  readonly #signIns = new RateLimiterMemory({ points: MOST_SIGN_INS, duration: 60 });
  readonly #requests: RateLimiterMemory | undefined;

  constructor(db: Database, settings: AuthSettings, onError: (error: unknown) => void) {
    this.settings = settings;
    this.#identities = new Identities(db, onError);
    this.#live = new LiveAccess(db, onError);
    const { requestsPerMinute } = settings;
    if (requestsPerMinute > 0) this.#requests = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  }

  get isOn(): boolean {
    return this.settings.mode !== 'off';
  }

  /** Who sends a request. Throws AccessError. */
  async viewerOf(request: IncomingMessage, authorization?: string): Promise<Viewer> {
    return (await this.identify(request, authorization)).viewer;
  }

  /**
   * The same with what belongs to a session.
   * @param authorization what a WebSocket sent in the place of the header
   */
  async identify(request: IncomingMessage, authorization?: string): Promise<Identity> {
    if (!this.isOn) return { viewer: LOCAL_VIEWER, scope: 'ADMIN' };
    const credential = credentialOf(request.headers, authorization);
    if (!credential) {
      throw AccessError.unauthenticated(
        'Sign in, or send an API token: Authorization: Bearer sbx_api_… (`npm run token -- create NAME` makes the first one).',
      );
    }
    const identity = await this.identifyBy(credential, addressOf(request, this.settings.trustedProxies));
    await this.count(identity.viewer);
    return identity;
  }

  /** Whom a credential stands for. Throws AccessError, also to an address that has tried too many that do not exist. */
  async identifyBy(credential: Credential, address: string): Promise<Identity> {
    if (!this.#identities.hasMet(credential)) {
      const tried = await this.#guesses.get(address);
      if (tried && tried.consumedPoints >= MOST_GUESSES) throw tooManyGuesses(tried);
    }
    const found = await this.#identities.find(credential);
    if ('viewer' in found) return found;
    if (found.isGuess) await this.#guesses.penalty(address);
    throw AccessError.unauthenticated(found.reason);
  }

  /** Counts one more operation; throws AccessError when these are too many. */
  async count({ credentialId }: Viewer): Promise<void> {
    if (credentialId === undefined || !this.#requests) return;
    const { requestsPerMinute } = this.settings;
    await consume(this.#requests, credentialId, `At most ${requestsPerMinute} operations may be sent in a minute.`);
  }

  /** The same for who goes to a provider to sign in. */
  async countSignIn(address: string): Promise<void> {
    await consume(this.#signIns, address, 'Too many sign-ins were begun from this address.');
  }

  /** Calls `end` within a few seconds once the viewer may not read any more. The answer stops watching. */
  watch({ credentialId }: Viewer, end: (reason: AccessError) => void): () => void {
    if (credentialId === undefined) return () => undefined;
    return this.#live.watch(credentialId, () =>
      end(AccessError.unauthenticated('The token or session was revoked or has ended. Sign in again.')),
    );
  }

  /** Something was revoked: takes effect here at once, and at other processes within seconds. */
  revoked(): void {
    this.#identities.forget();
    this.#live.look();
  }

  close(): Promise<void> {
    return this.#live.close();
  }
}

function tooManyGuesses({ msBeforeNext }: RateLimiterRes): AccessError {
  return AccessError.tooMany('Too many tokens that do not exist came from this address.', msBeforeNext);
}

async function consume(limiter: RateLimiterMemory, key: string, refusal: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (reached) {
    if (!(reached instanceof RateLimiterRes)) throw reached;
    throw AccessError.tooMany(refusal, reached.msBeforeNext);
  }
}
