/** Webhooks: addresses that are told of changes of jobs. The executors send the messages. */
import { randomBytes } from 'node:crypto';
import type { Issue } from '@signalbox/core/issues';
import { SLUG_MAX_LENGTH, SLUG_PATTERN } from '@signalbox/core/names';
import type { JobStatus as CoreJobStatus } from '@signalbox/core/statuses';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import type { LockedSecret } from '@signalbox/db/secret-keys';
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  MOST_WEBHOOKS,
  updateWebhook,
  type WebhookRow,
  webhookSecretOwner,
} from '@signalbox/db/webhooks';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { ForbiddenError } from '../forbidden.ts';
import { invalid } from '../job-request.ts';
import { JobStatus } from './statuses.ts';

const LONGEST_URL = 2_000;
const MOST_WORKFLOWS = 100;
const SECRET_BYTES = 32;

export const Webhook = builder.objectRef<WebhookRow>('Webhook').implement({
  description:
    'An address that is told of changes of jobs: by POST with JSON, signed as the Standard Webhooks specification says, at least once for each state, those of one job in order. Several quick changes of a job are told as one, with the job as it is then.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7 of the webhook.' }),
    url: t.exposeString('url', { description: 'Where the messages go.' }),
    workflows: t.exposeStringList('workflows', {
      description: 'Slugs of the workflows whose jobs are told of; empty means all.',
    }),
    statuses: t.expose('statuses', { type: [JobStatus], description: 'The states that are told; empty means all.' }),
    active: t.exposeBoolean('active', { description: 'Whether it is told of anything now.' }),
    createdBy: t.exposeString('createdBy', { description: 'Who made it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was changed for the last time.' }),
  }),
});

builder.queryField('webhooks', (t) =>
  t.field({
    type: [Webhook],
    description: 'The webhooks, in the order in which they were made. Admins only.',
    complexity: { field: 1, multiplier: MOST_WEBHOOKS },
    authScopes: { right: 'admin' },
    resolve: (_root, _args, { services, viewer }) => listWebhooks(services.db, viewer.tenantId),
  }),
);

const SavedWebhook = builder.objectRef<{ webhook: WebhookRow; secret: string | null }>('SavedWebhook').implement({
  description: 'A webhook that was saved.',
  fields: (t) => ({
    webhook: t.expose('webhook', { type: Webhook, description: 'The webhook as it is now.' }),
    secret: t.exposeString('secret', {
      nullable: true,
      description: 'What its messages are signed with, shown this once; null when it has stayed the same.',
    }),
  }),
});

const SaveWebhookResult = builder.errorUnion('SaveWebhookResult', {
  description: 'The webhook as it is now, or why it was not saved.',
  types: [SavedWebhook, InvalidInputError, NotFoundError, ForbiddenError, ConflictError],
  resolveType: () => 'SavedWebhook',
});

builder.mutationField('saveWebhook', (t) =>
  t.field({
    type: SaveWebhookResult,
    description: `Makes a webhook, which is told of what changes from then on, or changes one as a whole; at most ${MOST_WEBHOOKS}. Admins only. Conflict when this API has no key to lock its secret with. Addresses that are not public are refused when a message is sent, unless SIGNALBOX_HTTP_ALLOW names them.`,
    args: {
      id: t.arg.id({ description: 'UUID of the one to change; a new one when absent.' }),
      url: t.arg.string({ required: true, description: 'Where the messages go: http:// or https://.' }),
      workflows: t.arg.stringList({
        description: `Slugs of the workflows whose jobs are told of, at most ${MOST_WORKFLOWS}; all when absent or empty.`,
      }),
      statuses: t.arg({ type: [JobStatus], description: 'The states that are told; all when absent or empty.' }),
      active: t.arg.boolean({ description: 'False lets it rest. True unless told.' }),
      newSecret: t.arg.boolean({ description: 'Whether an existing one gets another secret. False unless told.' }),
    },
    authScopes: { right: 'admin' },
    resolve: async (_root, args, context) => {
      const { services, viewer } = context;
      const content = checked(args);
      const secret = args.id == null || args.newSecret ? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}` : null;
      const lock = (id: string) => lockFor(context, id, secret ?? '');
      const webhook =
        args.id == null
          ? await createWebhook(services.db, viewer.tenantId, content, viewer.name, lock)
          : await updateWebhook(
              services.db,
              viewer.tenantId,
              args.id,
              content,
              secret === null ? undefined : lock(args.id),
            );
      return { webhook, secret };
    },
  }),
);

const DeletedWebhook = builder.objectRef<{ id: string }>('DeletedWebhook').implement({
  description: 'A webhook that is gone.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id it had.' }) }),
});

const DeleteWebhookResult = builder.errorUnion('DeleteWebhookResult', {
  description: 'The id of the deleted webhook, or why it is still there.',
  types: [DeletedWebhook, NotFoundError, ForbiddenError],
  resolveType: () => 'DeletedWebhook',
});

builder.mutationField('deleteWebhook', (t) =>
  t.field({
    type: DeleteWebhookResult,
    description: 'Removes a webhook with all that was, or was to be, sent to it. Admins only.',
    args: { id: t.arg.id({ required: true, description: 'UUID of the webhook. Any other text is an unknown id.' }) },
    authScopes: { right: 'admin' },
    resolve: async (_root, { id }, { services, viewer }) => {
      await deleteWebhook(services.db, viewer.tenantId, id);
      return { id };
    },
  }),
);

interface WebhookArguments {
  url: string;
  workflows?: string[] | null;
  statuses?: CoreJobStatus[] | null;
  active?: boolean | null;
}

/** Throws InvalidInputError. */
function checked({ active, statuses, url, workflows }: WebhookArguments) {
  const issues: Issue[] = [];
  const { password, protocol, username } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', username: '', password: '' };
  if (!/^https?:$/.test(protocol) || url.length > LONGEST_URL)
    issues.push({
      path: '/url',
      message: `It must be an address with http:// or https:// of at most ${LONGEST_URL} characters.`,
    });
  if (username !== '' || password !== '')
    issues.push({
      path: '/url',
      message:
        'It must hold no user and no password: the message is signed, and everybody who may see webhooks sees it.',
    });
  if ((workflows?.length ?? 0) > MOST_WORKFLOWS)
    issues.push({ path: '/workflows', message: `At most ${MOST_WORKFLOWS} may be named; leave them out for all.` });
  for (const [index, slug] of workflows?.entries() ?? [])
    if (!SLUG_PATTERN.test(slug) || slug.length > SLUG_MAX_LENGTH)
      issues.push({
        path: `/workflows/${index}`,
        message: 'It must be the slug of a workflow: small letters, digits and single hyphens between them.',
      });
  if (issues.length > 0) throw invalid('The webhook cannot be saved', issues);
  return { url, workflows: workflows ?? [], statuses: statuses ?? [], active: active ?? true };
}

function lockFor({ services, viewer }: ApiContext, id: string, secret: string): LockedSecret {
  if (services.secretKeys.currentId === undefined)
    throw new ConflictError('This API has no key to lock secrets with. Set SIGNALBOX_SECRETS_KEY, and restart it.', []);
  return services.secretKeys.lock(webhookSecretOwner(viewer.tenantId, id), secret);
}
