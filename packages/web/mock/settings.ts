/** The API tokens and the webhooks of the mock world, and what an admin does with them. */
import { type PageArgs, pageOf } from './views.ts';
import { ago, type MockStatus, mockId } from './world.ts';

export type MockScope = 'READ' | 'OPERATE' | 'ADMIN';

export interface MockToken {
  id: string;
  name: string;
  prefix: string;
  scope: MockScope;
  createdBy: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  revokedBy: string | null;
}

export interface MockDelivery {
  id: string;
  jobId: string;
  status: 'PENDING' | 'DELIVERED' | 'FAILED';
  attempts: number;
  nextTryAt: string | null;
  lastError: string | null;
  createdAt: string;
  deliveredAt: string | null;
}

export interface MockWebhook {
  id: string;
  url: string;
  workflows: string[];
  statuses: MockStatus[];
  active: boolean;
  createdBy: string;
  createdAt: string;
  deliveries: MockDelivery[];
}

export interface MockSettings {
  tokens: MockToken[];
  webhooks: MockWebhook[];
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ADMIN = 'Ada Lovelace';
const NO_KEY = '0000000000000000000000000000000000000000000';

/** What a company has that has worked with it for a while: of each kind and state one. */
export function createSettings(): MockSettings {
  return {
    tokens: [
      newToken('Nightly build', 'OPERATE', 2 * DAY, { lastUsedAt: ago(4 * MINUTE), expiresAt: ago(-88 * DAY) }),
      newToken('Dashboard in the hall', 'READ', 27 * DAY, { lastUsedAt: ago(MINUTE), expiresAt: ago(-3 * DAY) }),
      newToken('Old laptop', 'ADMIN', 70 * DAY, { revokedAt: ago(9 * DAY), revokedBy: ADMIN }),
      newToken('Trial of last spring', 'READ', 90 * DAY, { expiresAt: ago(2 * DAY) }),
      newToken(`${ADMIN}’s laptop`, 'ADMIN', 120 * DAY, { lastUsedAt: ago(30 * MINUTE) }),
    ],
    webhooks: [
      newWebhook('https://hooks.example.com/signalbox', {
        deliveries: [
          newDelivery(2 * MINUTE, { lastError: 'The receiver answered with 503', attempts: 3, nextTryAt: ago(-8_000) }),
          newDelivery(40 * MINUTE, { status: 'DELIVERED', attempts: 1, deliveredAt: ago(39 * MINUTE) }),
          newDelivery(DAY, { status: 'FAILED', attempts: 15, lastError: 'It did not answer within 30 seconds' }),
        ],
      }),
      newWebhook('https://chat.example.com/failures', { statuses: ['FAILED'], workflows: ['release', 'triage'] }),
      newWebhook('https://resting.example.com', { active: false }),
    ],
  };
}

function newToken(name: string, scope: MockScope, age: number, rest: Partial<MockToken> = {}): MockToken {
  const id = mockId();
  return {
    id,
    name,
    scope,
    prefix: `sbx_api_Mo${id.slice(-4)}`,
    createdBy: ADMIN,
    createdAt: ago(age),
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
    revokedBy: null,
    ...rest,
  };
}

function newWebhook(url: string, rest: Partial<MockWebhook> = {}): MockWebhook {
  return {
    id: mockId(),
    url,
    workflows: [],
    statuses: [],
    active: true,
    createdBy: ADMIN,
    createdAt: ago(20 * DAY),
    deliveries: [],
    ...rest,
  };
}

function newDelivery(age: number, rest: Partial<MockDelivery>): MockDelivery {
  return {
    id: mockId(),
    jobId: mockId(),
    status: 'PENDING',
    attempts: 0,
    nextTryAt: null,
    lastError: null,
    createdAt: ago(age),
    deliveredAt: null,
    ...rest,
  };
}

const missing = (message: string) => ({ __typename: 'NotFound', message, code: 'NOT_FOUND' });

export function settingsFields(settings: MockSettings) {
  return {
    apiTokens: (args: PageArgs) => pageOf(settings.tokens, args),
    webhooks: () => settings.webhooks,
    createApiToken: ({ name, scope, expiresAt }: Pick<MockToken, 'name' | 'scope'> & { expiresAt?: string | null }) => {
      const token = newToken(name, scope, 0, { expiresAt: expiresAt ?? null });
      settings.tokens.unshift(token);
      return { __typename: 'CreatedApiToken', token, text: `${token.prefix}${NO_KEY}` };
    },
    revokeApiToken: ({ id }: Pick<MockToken, 'id'>) => {
      const token = settings.tokens.find((each) => each.id === id);
      if (!token) return missing('There is no such token.');
      Object.assign(token, { revokedAt: ago(0), revokedBy: ADMIN });
      return { __typename: 'ApiToken', ...token };
    },
    saveWebhook: ({ id, newSecret, ...content }: Partial<MockWebhook> & { url: string; newSecret?: boolean }) => {
      const known = settings.webhooks.find((each) => each.id === id);
      if (id && !known) return missing('There is no such webhook.');
      const webhook = known
        ? Object.assign(known, content)
        : newWebhook(content.url, { ...content, createdAt: ago(0) });
      if (!known) settings.webhooks.push(webhook);
      return { __typename: 'SavedWebhook', webhook, secret: known && !newSecret ? null : `whsec_${NO_KEY}=` };
    },
    deleteWebhook: ({ id }: Pick<MockWebhook, 'id'>) => {
      settings.webhooks = settings.webhooks.filter((each) => each.id !== id);
      return { __typename: 'DeletedWebhook', id };
    },
  };
}
