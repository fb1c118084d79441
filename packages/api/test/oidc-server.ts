import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OpenID provider on loopback that knows one person at a time, who has signed in there and agreed to everything. */
export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who comes next. Nobody: the person does not agree. */
  person: { id: string; claims: Record<string, unknown> } | undefined;
  /** Serves a client, who may have people sent back to this address. */
  serve(redirectUri: string): void;
  close(): Promise<void>;
}

export async function startOidcServer(): Promise<OidcServer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found: OidcServer = {
    issuer,
    clientId: 'signalbox',
    clientSecret: 'a-secret-that-only-both-know',
    person: undefined,
    serve: (redirectUri) => serve(server, found, redirectUri),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return found;
}

function serve(server: Server, found: OidcServer, redirectUri: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(found.issuer, {
    clients: [
      {
        client_id: found.clientId,
        client_secret: found.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'test' }] },
    cookies: { keys: ['test'] },
    claims: { openid: ['sub'], profile: ['name', 'groups', 'org'] },
    features: { devInteractions: { enabled: false } },
    // Said, so that the library does not ask whether it was forgotten.
    ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...found.person?.claims }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    const result = found.person
      ? { login: { accountId: found.person.id } }
      : { error: 'access_denied', error_description: 'They do not want to.' };
    void provider.interactionFinished(request, response, result);
  });
}
