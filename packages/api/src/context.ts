import type { Database } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import type { SecretKeys } from '@signalbox/db/secret-keys';
import type { SignalKind } from '@signalbox/db/signals';
import type { Logger } from 'pino';
import type { Access } from './auth/access.ts';
import type { JobFeed } from './live/job-feed.ts';
import type { LogFeed } from './live/log-feed.ts';
import type { StateFeeds } from './live/state-feeds.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What one API process has one of. */
export interface Services {
  db: Database;
  log: Logger;
  jobFeed: JobFeed;
  logFeed: LogFeed;
  states: StateFeeds;
  /** Sends a hint to other processes; never throws. */
  signal(kind: SignalKind, jobId: string): void;
  /** A worker whose last beat is older is not healthy. */
  leaseSeconds: number;
  /** Lock what setSecret is given. */
  secretKeys: SecretKeys;
  /** Says who asks. */
  access: Access;
}

export type Right = 'read' | 'operate' | 'admin';

/**
 * How somebody proved who they are: not at all, by an API token, or by a session of the web app that was made with a token or
 * by an OpenID provider.
 */
export type SignInMethod = 'LOCAL' | 'TOKEN' | 'SESSION' | 'OIDC';

/** Who asks. Rights are nested: whoever may operate may read, and an admin may do both. */
export interface Viewer {
  tenantId: string;
  /** For people to read, where it is kept who did something. */
  name: string;
  rights: ReadonlySet<Right>;
  signedInBy: SignInMethod;
  /** Until when; null when it does not end by itself. */
  expiresAt: Date | null;
  /** The id of the token or the session; absent for a local user, who needs none. */
  credentialId?: string;
}

/** Without authentication the service listens on loopback only, and whoever reaches it may do everything. */
export const LOCAL_VIEWER: Viewer = {
  tenantId: DEFAULT_TENANT_ID,
  name: 'local user',
  rights: new Set<Right>(['read', 'operate', 'admin']),
  signedInBy: 'LOCAL',
  expiresAt: null,
};

/** What an operation came in on. */
export interface Connection {
  /** Ends it because its reader does not read. */
  cut(): void;
  /** It is ended as a whole once its reader may not read any more; elsewhere each stream has to end. */
  endsWithAccess?: boolean;
}

/** What every resolver gets. One per operation, and a fresh one for each event of a subscription. */
export interface ApiContext {
  services: Services;
  viewer: Viewer;
  loaders: Loaders;
  connection?: Connection;
}

export function createContext(services: Services, viewer: Viewer, connection?: Connection): ApiContext {
  return { services, viewer, connection, loaders: createLoaders(services.db, viewer.tenantId) };
}
