import type { Database } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import type { SecretKeys } from '@signalbox/db/secret-keys';
import type { SignalKind } from '@signalbox/db/signals';
import type { Logger } from 'pino';
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
}

export type Right = 'read' | 'operate' | 'admin';

/** Who asks. Rights are nested: whoever may operate may read, and an admin may do both. */
export interface Viewer {
  tenantId: string;
  /** For people to read, where it is kept who did something. */
  name: string;
  rights: ReadonlySet<Right>;
}

/** Until authentication exists, the service listens on loopback only and whoever reaches it may do everything. */
export const LOCAL_VIEWER: Viewer = {
  tenantId: DEFAULT_TENANT_ID,
  name: 'local user',
  rights: new Set<Right>(['read', 'operate', 'admin']),
};

/** What an operation came in on. */
export interface Connection {
  /** Ends it because its reader does not read. */
  cut(): void;
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
