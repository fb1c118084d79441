import { listDeliveries, type WebhookDeliveryRow } from '@signalbox/db/webhook-deliveries';
import { builder } from '../builder.ts';
import { DOCUMENT_COST } from './document-cost.ts';
import { Webhook } from './webhook.ts';

const MOST_DELIVERIES = 100;

const WebhookDeliveryStatus = builder.enumType('WebhookDeliveryStatus', {
  description: 'How far a message has come.',
  values: {
    PENDING: { description: 'It is to be sent, for the first time or again.' },
    DELIVERED: { description: 'The receiver answered with a status below 300.' },
    FAILED: { description: 'It was given up after the last try.' },
  } as const,
});

const WebhookDelivery = builder.objectRef<WebhookDeliveryRow>('WebhookDelivery').implement({
  description: 'A message to a webhook. Settled ones are kept for a week.',
  fields: (t) => ({
    id: t.id({
      description: 'What the receiver gets as webhook-id, the same in each try.',
      resolve: ({ id }) => `msg_${id}`,
    }),
    jobId: t.exposeID('jobId', { description: 'The job it tells of, which may be gone by now.' }),
    payload: t.expose('payload', {
      type: 'JSONObject',
      complexity: DOCUMENT_COST,
      description: 'What is sent: `type`, `timestamp` and the job as `data`.',
    }),
    status: t.expose('status', { type: WebhookDeliveryStatus, description: 'How far it has come.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was tried so far.' }),
    nextTryAt: t.expose('nextTryAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried at the latest; null once it is settled.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'Why the last try failed; null when it did not.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the change was seen.' }),
    deliveredAt: t.expose('deliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it arrived; null when it has not.',
    }),
  }),
});

builder.objectField(Webhook, 'deliveries', (t) =>
  t.field({
    type: [WebhookDelivery],
    description: 'The messages to it, the newest first. Settled ones are kept for a week.',
    args: { first: t.arg.int({ description: `So many at most, up to ${MOST_DELIVERIES}; 20 unless told.` }) },
    complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 20) }),
    resolve: ({ id }, { first }, { services, viewer }) =>
      listDeliveries(services.db, viewer.tenantId, id, Math.min(MOST_DELIVERIES, Math.max(1, first ?? 20))),
  }),
);
