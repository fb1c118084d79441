import type { AuthSettings } from '@signalbox/core/auth-settings';
import { type Database, openDatabase } from '@signalbox/db/client';
import { SecretKeys } from '@signalbox/db/secret-keys';
import { type SignalKind, SignalListener, SignalSender } from '@signalbox/db/signals';
import type { Logger } from 'pino';
import { Access } from './auth/access.ts';
import type { Services } from './context.ts';
import type { InboxLimits } from './live/inbox.ts';
import { JobFeed } from './live/job-feed.ts';
import { LogFeed } from './live/log-feed.ts';
import { StateFeeds } from './live/state-feeds.ts';

export interface ServiceOptions {
  databaseUrl: string;
  leaseSeconds: number;
  log: Logger;
  auth: AuthSettings;
  /** None unless told: then no secrets can be stored. */
  secretsKeys?: readonly string[];
  /** Of what may wait for a slow reader; the promised ones unless told. */
  limits?: InboxLimits;
  /** How long one statement for an operation may take; 30 s unless told. */
  statementLimitMs?: number;
}

const STATEMENT_LIMIT_MS = 30_000;

export interface OpenServices extends Services {
  close(): Promise<void>;
}

/** Connects to the database and listens for hints. Throws when the database cannot be reached. */
export async function openServices(options: ServiceOptions): Promise<OpenServices> {
  const { auth, databaseUrl, leaseSeconds, limits, log, secretsKeys = [] } = options;
  const { statementLimitMs = STATEMENT_LIMIT_MS } = options;
  const db: Database = openDatabase(databaseUrl, {
    applicationName: 'signalbox api',
    statementLimitMs,
    onConnectionError: (error) => log.warn({ err: error }, 'a database connection broke and is replaced'),
  });
  const jobFeed = new JobFeed(db, {
    limits,
    onError: (error) => log.warn({ err: error }, 'changes cannot be read; trying again'),
  });
  const logFeed = new LogFeed(db, {
    limits,
    onError: (error) => log.warn({ err: error }, 'log lines cannot be read; trying again'),
  });
  const access = new Access(db, auth, (error) => log.warn({ err: error }, 'rights cannot be checked; trying again'));
  const states = new StateFeeds(db, {
    leaseSeconds,
    onError: (error) => log.warn({ err: error }, 'counts, workers or queues cannot be read; trying again'),
  });
  const sender = new SignalSender(databaseUrl);
  const listener = new SignalListener(databaseUrl, ['changed', 'logged'], {
    onSignal: (kind, jobIds) => {
      if (kind === 'changed') {
        jobFeed.wake();
        states.wake();
      }
      logFeed.wake(jobIds);
    },
    onGap: () => {
      jobFeed.wake();
      logFeed.wake();
      states.wake();
    },
    onError: (error) => log.warn({ err: error }, 'the connection for hints broke; connecting again'),
  });
  const close = async () => {
    await listener.close();
    await Promise.all([access.close(), jobFeed.close(), logFeed.close(), states.close(), sender.close()]);
    await db.close();
  };
  try {
    await listener.start();
  } catch (error) {
    await close();
    throw error;
  }
  const secretKeys = new SecretKeys(secretsKeys);
  const signal = (kind: SignalKind, jobId: string) => sender.send(kind, jobId);
  return { db, log, jobFeed, logFeed, states, leaseSeconds, secretKeys, access, signal, close };
}
