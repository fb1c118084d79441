import {
  type ApiTokenRow,
  countApiTokens,
  createApiToken,
  listApiTokens,
  revokeApiToken,
} from '@signalbox/db/api-tokens';
import { InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { builder } from '../builder.ts';
import { LONGEST_NAME, nameIssues } from '../checked-name.ts';
import { decodeIdCursor, encodeIdCursor } from '../cursors.ts';
import { ForbiddenError } from '../forbidden.ts';
import { invalid } from '../job-request.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { pageCost, readPageArgs } from './paging.ts';
import { AccessScope } from './viewer.ts';

const LIMITS = { usual: 20, most: 100 };

const ApiToken = builder.objectRef<ApiTokenRow>('ApiToken').implement({
  description: 'What a program sends to prove who it is. Its text is shown once, when it is made, and kept nowhere.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7.' }),
    name: t.exposeString('name', { description: 'Its name for people: which program uses it.' }),
    prefix: t.exposeString('prefix', { description: 'How its text begins, to tell it from others.' }),
    scope: t.expose('scope', { type: AccessScope, description: 'What its bearer may do.' }),
    createdBy: t.exposeString('createdBy', { description: 'Who made it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops to count; null when it does not end by itself.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null when it never was.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody revoked it; null otherwise.',
    }),
    revokedBy: t.exposeString('revokedBy', { nullable: true, description: 'Who revoked it; null otherwise.' }),
  }),
});

const ApiTokenConnection = connectionType('ApiToken', ApiToken, 'API tokens');

builder.queryField('apiTokens', (t) =>
  t.field({
    type: ApiTokenConnection,
    description: 'The API tokens of the tenant, the newest first, the revoked and expired ones too. For admins.',
    args: {
      first: t.arg.int({ description: `So many, at most ${LIMITS.most}; ${LIMITS.usual} unless told.` }),
      after: t.arg.string({ description: 'Cursor of a token of this list: only what comes behind it.' }),
    },
    complexity: pageCost(LIMITS),
    authScopes: { right: 'admin' },
    resolve: async (_root, args, { services, viewer }) => {
      const request = readPageArgs(args, LIMITS);
      const before = request.after === undefined ? null : decodeIdCursor(request.after, 'apiTokens');
      const rows = await listApiTokens(services.db, viewer.tenantId, { before, limit: request.limit + 1 });
      const page = withoutSurplus(rows, request);
      const edges = page.rows.map((node) => ({ cursor: encodeIdCursor(node.id), node }));
      return pageOf(edges, page.more, request, () => countApiTokens(services.db, viewer.tenantId));
    },
  }),
);

const CreatedApiToken = builder.objectRef<{ text: string; token: ApiTokenRow }>('CreatedApiToken').implement({
  description: 'A new API token with its text.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description: 'The token itself, for `Authorization: Bearer …`. Keep it now: it cannot be shown again.',
    }),
    token: t.expose('token', { type: ApiToken, description: 'What is kept of it.' }),
  }),
});

const CreateApiTokenResult = builder.errorUnion('CreateApiTokenResult', {
  description: 'The new token, or why none was made.',
  types: [CreatedApiToken, InvalidInputError, ForbiddenError],
  resolveType: () => 'CreatedApiToken',
});

builder.mutationField('createApiToken', (t) =>
  t.field({
    type: CreateApiTokenResult,
    description: "Makes an API token for the caller's tenant. For admins.",
    args: {
      name: t.arg.string({
        required: true,
        description: `Its name for people, 1 to ${LONGEST_NAME} characters: which program uses it.`,
      }),
      scope: t.arg({ type: AccessScope, required: true, description: 'What its bearer may do.' }),
      expiresAt: t.arg({ type: 'DateTime', description: 'When it stops to count, in the future; never unless told.' }),
    },
    authScopes: { right: 'admin' },
    resolve: (_root, { expiresAt, name, scope }, { services, viewer }) => {
      const issues = nameIssues(name, 'token');
      if (expiresAt && expiresAt.getTime() <= Date.now()) {
        issues.push({ path: '/expiresAt', message: 'This time is over. Give one in the future, or none.' });
      }
      if (issues.length > 0) throw invalid('The token cannot be made', issues);
      const { tenantId } = viewer;
      return createApiToken(services.db, { tenantId, name: name.trim(), scope, expiresAt, createdBy: viewer.name });
    },
  }),
);

const RevokeApiTokenResult = builder.errorUnion('RevokeApiTokenResult', {
  description: 'The revoked token, or why it still counts.',
  types: [ApiToken, NotFoundError, ForbiddenError],
  resolveType: () => 'ApiToken',
});

builder.mutationField('revokeApiToken', (t) =>
  t.field({
    type: RevokeApiTokenResult,
    description:
      'Ends an API token for good, the web sessions that were made with it, and within seconds all that listens by it. Once more changes nothing. For admins.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    authScopes: { right: 'admin' },
    resolve: async (_root, { id }, { services, viewer }) => {
      const token = await revokeApiToken(services.db, viewer.tenantId, id, viewer.name);
      if (!token) throw new NotFoundError(`There is no API token with the id "${id.slice(0, 100)}".`);
      services.access.revoked();
      return token;
    },
  }),
);
