import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Definitions } from './definitions.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { QueueCall } from './queue-call.ts';

/** The connections of one process: Prisma for reads by shape, the pool for the prepared statements that move state. */
export interface Database {
  prisma: PrismaClient;
  pool: pg.Pool;
  url: string;
  definitions: Definitions;
  /** Tells workers of queue tasks that were added in silence. */
  queueCall: QueueCall;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Shown by PostgreSQL in pg_stat_activity. */
  applicationName: string;
  /** Upper bound of connections; 10 unless told. Prisma and the statements share them. */
  maxConnections?: number;
  /** A statement that gets no answer for so long is given up and its connection replaced; never unless told. */
  statementTimeoutMs?: number;
  /** The database gives up a statement that takes longer; none unless told. */
  statementLimitMs?: number;
  /**
   * For whoever only touches rows that it knows by their keys: each statement is planned once, for tables of any size. What
   * PostgreSQL would choose in a new database, to read small tables whole, it would go on with while they grow.
   */
  byKeys?: boolean;
  /**
   * For what may be forgotten when PostgreSQL crashes within the next moment, though not out of its order: commits do not wait
   * for the disk.
   */
  mayBeForgotten?: boolean;
  /** Hears of connections that broke; the pool replaces them by itself. */
  onConnectionError?: (error: Error) => void;
}

export function openDatabase(url: string, options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    query_timeout: options.statementTimeoutMs,
    options: sessionSettings(options),
  });
  const hear = (error: Error) => options.onConnectionError?.(error);
  pool.on('error', hear);
  // The pool listens to idle connections only; one that breaks while a transaction holds it would end the process.
  pool.on('connect', (client) => client.on('error', hear));
  const queueCall = new QueueCall(pool);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  return {
    prisma,
    pool,
    url,
    definitions: new Definitions(pool),
    queueCall,
    async close() {
      await queueCall.sent();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function sessionSettings({ byKeys, mayBeForgotten, statementLimitMs }: DatabaseOptions): string {
  const settings = [
    ...(byKeys ? ['enable_seqscan=off', 'plan_cache_mode=force_generic_plan'] : []),
    ...(mayBeForgotten ? ['synchronous_commit=off'] : []),
    ...(statementLimitMs === undefined ? [] : [`statement_timeout=${statementLimitMs}`]),
  ];
  return settings.map((setting) => `-c ${setting}`).join(' ');
}
