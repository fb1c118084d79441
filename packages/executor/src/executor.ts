import { availableParallelism, hostname } from 'node:os';
import type { Settings } from '@signalbox/core/settings';
import { openDatabase } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID, newId } from '@signalbox/db/ids';
import { SignalSender } from '@signalbox/db/signals';
import { advertise } from '@signalbox/db/worker-plugins';
import { markWorkerStopped, registerWorker } from '@signalbox/db/workers';
import type { Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { ArtifactStore } from './artifact-store.ts';
import { ChangeWriter } from './change-writer.ts';
import { ControlListener, obeyMarks } from './control.ts';
import type { ExecutorParts } from './executor-parts.ts';
import { Heartbeat } from './heartbeat.ts';
import { HeldJobs } from './held-jobs.ts';
import { JobClaims } from './job-claims.ts';
import { LogWriter } from './log-writer.ts';
import { endOrphanedServers } from './mcp-orphans.ts';
import { McpServers } from './mcp-servers.ts';
import { clearOrphans } from './orphans.ts';
import type { PluginHost } from './plugins/plugin-host.ts';
import { ProgramWatch } from './program-watch.ts';
import { Queue } from './queue.ts';
import { Reaper } from './reaper.ts';
import { runJob } from './run-job.ts';
import { ScheduleClock } from './schedule-clock.ts';
import { missingSecret, SecretSources } from './secret-sources.ts';
import { Shutdown } from './shutdown.ts';
import { throughOutages } from './through-outages.ts';
import { loadBuiltInTools, ToolAdvertiser } from './tool-advertiser.ts';
import { Wakes } from './wakes.ts';
import { WebhookSender } from './webhook-sender.ts';
import { WorkFolders } from './work-folders.ts';

/** A statement that takes longer than this has met a database that is not there any more. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** One of them listens; more than a few would only wait for each other. */
const QUEUE_CONNECTIONS = 4;

export interface Executor {
  /** Puts all jobs down politely and says good-bye. Called again it hurries. */
  stop(): Promise<void>;
}

export interface ExecutorOptions {
  settings: Settings;
  databaseUrl: string;
  plugins: PluginHost;
  logger: Logger;
  /** It cannot go on and should be stopped. */
  onBroken(error: unknown): void;
}

/** Starts taking jobs; resolves when the worker is registered and takes them. Throws when the database cannot be used. */
export async function startExecutor({
  databaseUrl,
  logger,
  onBroken,
  plugins,
  settings,
}: ExecutorOptions): Promise<Executor> {
  const onConnectionError = (error: Error) =>
    logger.warn({ err: error }, 'a database connection broke; it is replaced');
  const db = openDatabase(databaseUrl, {
    applicationName: 'signalbox executor',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    byKeys: true,
    onConnectionError,
  });
  // What the queue library writes about its tasks, and claims: when they are forgotten by a crash, the task comes again. A claim
  // is on the disk before a step of its job runs, as the start of that is written behind it.
  const queueDb = openDatabase(databaseUrl, {
    applicationName: 'signalbox queue',
    maxConnections: QUEUE_CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    byKeys: true,
    mayBeForgotten: true,
    onConnectionError,
  });
  const held = new HeldJobs(settings.concurrency + settings.criticalSlots);
  const signals = new SignalSender(databaseUrl);
  const { concurrency, criticalSlots, leaseSeconds, queues, workerName } = settings;
  const workerId = newId();
  const secrets = new SecretSources(settings, db, logger);
  const servers = new McpServers(settings.mcpServers, {
    secrets: {
      refresh: async () => secrets.refresh(DEFAULT_TENANT_ID, 0),
      get(name) {
        const found = secrets.find(DEFAULT_TENANT_ID, name);
        if (!found) throw missingSecret(name);
        return found.value;
      },
    },
    logger,
    onChange: () => advertiser.changed(),
  });
  const advertiser = new ToolAdvertiser({
    db,
    workerId,
    builtIn: await loadBuiltInTools(),
    servers: () => servers.reports(),
    logger,
  });
  const wakes = new Wakes(db, signals, logger);
  const parts: ExecutorParts = {
    settings,
    workerId,
    db,
    logger,
    stepTypes: plugins.stepTypes,
    held,
    signals,
    wakes,
    claims: new JobClaims(queueDb, { workerId, workerName, leaseSeconds }),
    changes: new ChangeWriter(db, logger, ({ jobId, settled }) => {
      if (settled) signals.send('changed', jobId);
      else signals.sendSoon('changed', jobId);
    }),
    logs: new LogWriter(db, logger, {
      onStored: (jobId) => signals.send('logged', jobId),
      onLost: (jobId) => held.get(jobId)?.stop.ask('lease-lost'),
    }),
    artifacts: new ArtifactStore(settings.artifacts.replace(/^file:/, '')),
    folders: new WorkFolders(settings.dataDir),
    programs: new ProgramWatch(),
    servers,
    secrets,
  };
  const heartbeat = new Heartbeat({
    databaseUrl,
    workerId,
    workerName,
    leaseSeconds,
    held,
    logger,
    onMarks: obeyMarks,
    onBroken,
  });
  const reaper = new Reaper({
    db,
    leaseSeconds,
    signals,
    wakes,
    logger,
    sweep: () => clearOrphans(db, parts.folders, logger),
  });
  const clock = new ScheduleClock(db, signals, logger);
  const webhooks = new WebhookSender(settings, db, logger);
  const control = new ControlListener(databaseUrl, db, held, logger);
  const run = (jobId: string) => runJob(parts, jobId);
  const wake = (jobId: string) => wakes.wake(jobId);
  const queue = new Queue({ db: queueDb, queues, concurrency, criticalSlots, logger, onBroken, run, wake });
  const shutdown = new Shutdown(queue, held);
  const closing = new AbortController();
  const close = async () => {
    closing.abort();
    await Promise.all([plugins.close(), clock.stop(), webhooks.stop()]);
    wakes.stop();
    await Promise.all([heartbeat.stop(), reaper.stop(), control.stop(), signals.close(), servers.close()]);
    await advertiser.stop();
    await Promise.all([db.close(), queueDb.close()]);
  };

  try {
    const worker = {
      id: workerId,
      tenantId: DEFAULT_TENANT_ID,
      name: workerName,
      queues,
      concurrency,
      criticalSlots,
      version: manifest.version,
      host: hostname(),
      pid: process.pid,
      cpus: availableParallelism(),
    };
    await Promise.all([
      registerWorker(db, { ...worker, stepTypes: plugins.advertised(), plugins: [...plugins.reports] }),
      control.start(),
      heartbeat.started(),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  advertiser.changed();
  await endOrphanedServers();
  servers.start();
  const tell = () => advertise(db, workerId, plugins.advertised(), plugins.reports);
  let told = Promise.resolve();
  plugins.watch(() => {
    told = told
      .then(() => throughOutages(tell, closing.signal))
      .catch((error: unknown) => logger.error({ err: error }, 'a change of the plugins could not be made known'));
  });
  reaper.start();
  clock.start();
  webhooks.start();
  queue.start();

  const stop = async () => {
    await shutdown.run();
    await markWorkerStopped(db, workerId);
    await close();
  };
  let stopped: Promise<void> | undefined;
  return {
    stop() {
      if (stopped) shutdown.hurry();
      else stopped = stop();
      return stopped;
    },
  };
}
