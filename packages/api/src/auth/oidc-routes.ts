/** Signing in at an OpenID provider: there by one redirect, back by another. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OidcSettings, Role } from '@signalbox/core/auth-settings';
import type { AccessScope } from '@signalbox/db/api-tokens';
import { isCredential, newCredential } from '@signalbox/db/credential-text';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { findTenant } from '@signalbox/db/tenants';
import { type BegunSignIn, beginSignIn, startSession, takeSignIn } from '@signalbox/db/web-sessions';
import { parseCookie } from 'cookie';
import type { Services } from '../context.ts';
import { sendGraphQLError } from '../http/answer.ts';
import { addressOf } from './address.ts';
import { leaveSession } from './leave-session.ts';
import { begin, type Claims, claimOf, finish, nameOf, roleOf } from './oidc-client.ts';
import { addCookie, setSessionCookie } from './session-cookie.ts';

const COOKIE = 'signalbox_sign_in';
const CALLBACK = '/auth/oidc/callback';
const SCOPES: Record<Role, AccessScope> = { read: 'READ', operate: 'OPERATE', admin: 'ADMIN' };

/** What the login page can explain. */
type Problem = 'provider' | 'denied' | 'expired' | 'role' | 'tenant';

export async function beginOidc(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  services: Services,
): Promise<void> {
  const { access, db, log } = services;
  const { oidc } = access.settings;
  if (!oidc) return noProvider(response);
  await access.countSignIn(addressOf(request, access.settings.trustedProxies));
  const returnTo = ownPage(url.searchParams.get('to'));
  try {
    const { address, ...secrets } = await begin(oidc, originOf(request, services) + CALLBACK);
    const text = newCredential('web');
    await beginSignIn(db, text, { ...secrets, returnTo });
    addCookie(response, { name: COOKIE, value: text, path: '/auth', secure: isSecure(request, services) });
    redirect(response, address.href);
  } catch (error) {
    log.error({ err: error }, `the OpenID provider ${oidc.issuer} cannot be used`);
    backToLogin(response, 'provider', returnTo);
  }
}

export async function finishOidc(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  services: Services,
): Promise<void> {
  const { access, db, log } = services;
  const { oidc } = access.settings;
  if (!oidc) return noProvider(response);
  const text = parseCookie(request.headers.cookie ?? '')[COOKIE];
  const begun = text !== undefined && isCredential(text, 'web') ? await takeSignIn(db, text) : undefined;
  addCookie(response, { name: COOKIE, value: '', path: '/auth', maxAge: 0, secure: isSecure(request, services) });
  if (!begun) return backToLogin(response, 'expired', '/');
  if (url.searchParams.get('error') === 'access_denied') return backToLogin(response, 'denied', begun.returnTo);
  const claims = await claimsFor(begun, new URL(CALLBACK + url.search, originOf(request, services)), oidc).catch(
    (error: unknown) => {
      log.warn({ err: error }, 'a sign-in at the OpenID provider failed');
      return undefined;
    },
  );
  if (!claims) return backToLogin(response, 'provider', begun.returnTo);
  const role = roleOf(claims, oidc);
  if (!role) return backToLogin(response, 'role', begun.returnTo);
  const tenantId = await tenantFor(claims, oidc, services);
  if (tenantId === undefined) return backToLogin(response, 'tenant', begun.returnTo);
  await leaveSession(request, services);
  const session = await startSession(db, {
    tenantId,
    owner: `oidc:${oidc.issuer} ${String(claims.sub)}`,
    name: nameOf(claims),
    scope: SCOPES[role],
    hours: access.settings.sessionHours,
  });
  setSessionCookie(request, response, access.settings, session);
  redirect(response, begun.returnTo);
}

function claimsFor(begun: BegunSignIn, callback: URL, oidc: OidcSettings): Promise<Claims> {
  return finish(oidc, callback, begun);
}

async function tenantFor(claims: Claims, { tenantClaim }: OidcSettings, { db }: Services): Promise<string | undefined> {
  if (tenantClaim === undefined) return DEFAULT_TENANT_ID;
  const slug = claimOf(claims, tenantClaim);
  return typeof slug === 'string' ? (await findTenant(db, slug))?.id : undefined;
}

/** As the browser knows us; the guard has checked the Host. */
function originOf(request: IncomingMessage, { access }: Services): string {
  return access.settings.publicUrl ?? `http://${request.headers.host}`;
}

function isSecure(request: IncomingMessage, services: Services): boolean {
  return originOf(request, services).startsWith('https:');
}

/** A page of this service, whatever was asked for: nobody is sent elsewhere from here. */
function ownPage(asked: string | null): string {
  const base = 'http://own.invalid';
  if (asked === null || !URL.canParse(asked, base)) return '/';
  const { hash, origin, pathname, search } = new URL(asked, base);
  return origin === base && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

function backToLogin(response: ServerResponse, problem: Problem, returnTo: string): void {
  redirect(response, `/login?${new URLSearchParams({ problem, to: returnTo })}`);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location, 'Cache-Control': 'no-store' }).end();
}

function noProvider(response: ServerResponse): void {
  sendGraphQLError(response, 404, 'NOT_FOUND', 'No OpenID provider is configured here.');
}
