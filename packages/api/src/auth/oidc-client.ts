/** The part that OpenID Connect plays: who somebody is and may do, as the provider's claims and our settings say. */
import type { OidcSettings, Role } from '@signalbox/core/auth-settings';
import { ROLES } from '@signalbox/core/auth-settings';
import * as openid from 'openid-client';

export type Claims = Readonly<Record<string, unknown>>;

const found = new WeakMap<OidcSettings, Promise<openid.Configuration>>();

/** What the provider tells of itself, asked once; after a failure the next one asks again. */
export function provider(settings: OidcSettings): Promise<openid.Configuration> {
  const known = found.get(settings);
  if (known) return known;
  const issuer = new URL(settings.issuer);
  const asked = openid.discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
    // Settings allow http on loopback only.
    execute: issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
    timeout: 10,
  });
  found.set(settings, asked);
  asked.catch(() => found.delete(settings));
  return asked;
}

export interface Begun {
  state: string;
  nonce: string;
  verifier: string;
  /** Where the browser has to go. */
  address: URL;
}

/** Code flow with PKCE; state and nonce besides, since not every provider looks at the challenge. */
export async function begin(settings: OidcSettings, redirectUri: string): Promise<Begun> {
  const configuration = await provider(settings);
  const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
  const address = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: settings.scope,
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { state, nonce, verifier, address };
}

/** Everything that the provider says of the person; some give groups in the ID token, others to who asks for user info. */
export async function finish(settings: OidcSettings, callback: URL, begun: Omit<Begun, 'address'>): Promise<Claims> {
  const configuration = await provider(settings);
  const tokens = await openid.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error('the provider gave no ID token');
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...(await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
}

/** The highest role that any value of the claim gives; nothing for somebody who may not come in. */
export function roleOf(claims: Claims, { defaultRole, roleClaim, roles }: OidcSettings): Role | undefined {
  const given = [claimOf(claims, roleClaim)].flat().map((value) => roles.get(String(value)));
  return ROLES.toReversed().find((role) => role === defaultRole || given.includes(role));
}

/** A claim by its name; `realm_access.roles` also finds one within another. */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([own]) => own === key)?.[1]
          : undefined,
      claims,
    );
}

/** What to call somebody. */
export function nameOf(claims: Claims): string {
  const names = ['name', 'preferred_username', 'email', 'sub'].map((name) => claims[name]);
  return (
    names.find((name): name is string => typeof name === 'string' && name.trim() !== '')?.slice(0, 200) ?? 'somebody'
  );
}
