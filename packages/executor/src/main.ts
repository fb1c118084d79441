/** The executor as a process of its own: settings from the environment, ready told to its parent, a polite end on a signal. */
import { readSettings, type Settings, SettingsError } from '@signalbox/core/settings';
import type { Logger } from 'pino';
import { type Executor, startExecutor } from './executor.ts';
import { BUILT_IN_PLUGINS, loadPlugins, PluginError } from './plugin-host.ts';
import { killAllGroups } from './process-group.ts';
import { openServiceLog } from './service-log.ts';
import { watchStrayErrors } from './stray-errors.ts';

/** What sysexits.h calls EX_CONFIG: starting again helps nobody before the settings have been changed. */
const BAD_SETTINGS = 78;
const STOPPED_WITHIN_MS = 40_000;

process.once('exit', killAllGroups);
await start();

async function start(): Promise<void> {
  const settings = settingsOrExit();
  const { databaseUrl } = settings;
  if (databaseUrl === undefined) return refuse('DATABASE_URL: must be set: the executor works on the database that the API uses');
  if (!settings.artifacts.startsWith('file:')) return refuse('SIGNALBOX_ARTIFACTS: must be file:PATH in this version');
  const logger = openServiceLog(settings.workerName);
  const lifetime = new Lifetime(logger);
  watchStrayErrors(logger, () => lifetime.end(1));
  try {
    const stepTypes = await loadPlugins([...BUILT_IN_PLUGINS, ...settings.plugins]);
    const onBroken = (error: unknown) => {
      logger.fatal({ err: error }, 'the executor cannot go on');
      lifetime.end(1);
    };
    lifetime.begin(await startExecutor({ settings, databaseUrl, stepTypes, logger, onBroken }));
    logger.info({ queues: settings.queues, concurrency: settings.concurrency, stepTypes: [...stepTypes.keys()] }, 'ready');
    process.send?.({ type: 'ready' });
  } catch (error) {
    if (error instanceof PluginError) return refuse(error.message);
    process.stderr.write(`The executor could not start: ${explain(error)}\n`);
    process.exit(1);
  }
}

/** From the first signal on the process ends, one way or another. */
class Lifetime {
  readonly #logger: Logger;
  #executor: Executor | undefined;
  #ending = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  begin(executor: Executor): void {
    this.#executor = executor;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.end(0));
    // Whoever started this process is gone, and with it what it was started for.
    process.once('disconnect', () => this.end(0));
  }

  end(exitCode: number): void {
    if (!this.#executor) process.exit(exitCode);
    this.#logger.info(this.#ending ? 'asked to stop once more: stopping at once' : 'stopping');
    const stopped = this.#executor.stop();
    if (this.#ending) return;
    this.#ending = true;
    setTimeout(() => process.exit(1), STOPPED_WITHIN_MS).unref();
    stopped.then(
      () => process.exit(exitCode),
      (error: unknown) => {
        this.#logger.error({ err: error }, 'the end was not clean');
        process.exit(1);
      },
    );
  }
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (error instanceof SettingsError) return refuse(error.message);
    throw error;
  }
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(BAD_SETTINGS);
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === '42P01' || code === '3F000') return 'the database has no tables of Signalbox yet. Start the API first: it makes them.';
  return error instanceof Error ? error.message || String(code) : String(error);
}
