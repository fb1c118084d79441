/** Who the caller is, and what the caller may do. */
import { ACCESS_SCOPES, type AccessScope as AccessScopeKey } from '@signalbox/db/api-tokens';
import type { Right, SignInMethod as SignInMethodKey, Viewer as ViewerShape } from '../auth/viewer.ts';
import { builder } from '../builder.ts';

const SCOPES: Record<AccessScopeKey, { description: string }> = {
  READ: { description: 'See everything of the tenant.' },
  OPERATE: { description: 'Also make, steer and delete jobs.' },
  ADMIN: { description: 'Also save workflows, set budgets and secrets, and give out API tokens.' },
};
export const AccessScope = builder.enumType('AccessScope', {
  description: 'What a caller may do. Each may also do what those before it may.',
  values: SCOPES,
});

const METHODS: Record<SignInMethodKey, { description: string }> = {
  LOCAL: { description: 'Not at all: authentication is off, and only this machine is served.' },
  TOKEN: { description: 'By an API token with each request.' },
  SESSION: { description: 'By a session of the web app that was made with an API token.' },
  OIDC: { description: 'By a session of the web app that an OpenID provider answers for.' },
};
const SignInMethod = builder.enumType('SignInMethod', {
  description: 'How a caller proves who it is.',
  values: METHODS,
});

const Tenant = builder.prismaObject('Tenant', {
  description: 'Whose data it is: everything that a caller sees and changes belongs to one tenant.',
  select: {},
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Its name in settings and claims; never changes.' }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
  }),
});

const RIGHT_OF: Record<AccessScopeKey, Right> = { READ: 'read', OPERATE: 'operate', ADMIN: 'admin' };

const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'The caller.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'Who it is, for people to read: the name of the token or of the person. It is kept where the caller decides something.',
    }),
    tenant: t.prismaField({
      type: Tenant,
      description: 'The tenant that the caller works in.',
      resolve: (query, { tenantId }, _args, { services }) =>
        services.db.prisma.tenant.findUniqueOrThrow({ ...query, where: { id: tenantId } }),
    }),
    scopes: t.field({
      type: [AccessScope],
      description: 'Everything that the caller may do, the least first.',
      resolve: ({ rights }) => ACCESS_SCOPES.filter((scope) => rights.has(RIGHT_OF[scope])),
    }),
    signedInBy: t.expose('signedInBy', { type: SignInMethod, description: 'How the caller proved who it is.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token or the session ends; null when it does not end by itself.',
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who the caller is and what the caller may do.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
