import type { Database } from '@signalbox/db/client';
import type { SecretKeys } from '@signalbox/db/secret-keys';
import type { SignalKind } from '@signalbox/db/signals';
import type { Logger } from 'pino';
import type { Access } from './auth/access.ts';
import type { Viewer } from './auth/viewer.ts';
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
