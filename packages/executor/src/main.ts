/** The executor as a process of its own: settings from the environment, ready told to its parent, a polite end on a signal. */
import { setFlagsFromString } from 'node:v8';
import { readSettings, type Settings, SettingsError } from '@signalbox/core/settings';
import { failpoint } from '@signalbox/db/failpoints';
import { startExecutor } from './executor.ts';
import { Lifetime } from './lifetime.ts';
import { PluginHost } from './plugins/plugin-host.ts';
import { PluginList } from './plugins/plugin-list.ts';
import { killAllGroups } from './process-group.ts';
import { readSecretFiles } from './secret-sources.ts';
import { openServiceLog } from './service-log.ts';
import { watchStrayErrors } from './stray-errors.ts';

/** What sysexits.h calls EX_CONFIG: starting again helps nobody before the settings have been changed. */
const BAD_SETTINGS = 78;

// A flood of output would widen V8's young generation to 128 MiB for good; what is thrown away so soon fits into its start size.
setFlagsFromString('--semi-space-growth-factor=1');
process.once('exit', killAllGroups);
await start();

async function start(): Promise<void> {
  const settings = settingsOrExit();
  const { databaseUrl } = settings;
  if (databaseUrl === undefined)
    return refuse('DATABASE_URL: must be set: the executor works on the database that the API uses');
  if (!settings.artifacts.startsWith('file:')) return refuse('SIGNALBOX_ARTIFACTS: must be file:PATH in this version');
  const unreadable = await problemOfSecretsDir(settings);
  if (unreadable) return refuse(unreadable);
  const logger = openServiceLog(settings.workerName);
  if (failpoint) logger.warn('TEST_FAILPOINTS makes this executor fail, as a test wants it');
  const lifetime = new Lifetime(logger);
  watchStrayErrors(logger, () => lifetime.end(1));
  try {
    const plugins = await PluginHost.open({
      plugins: settings.plugins,
      list: new PluginList(settings.configPath),
      settings: { SIGNALBOX_MODEL: settings.model },
      memoryMib: settings.pluginMemoryMib,
      logger,
    });
    const onBroken = (error: unknown) => {
      logger.fatal({ err: error }, 'the executor cannot go on');
      lifetime.end(1);
    };
    lifetime.begin(await startExecutor({ settings, databaseUrl, plugins, logger, onBroken }));
    logger.info(
      { queues: settings.queues, concurrency: settings.concurrency, stepTypes: [...plugins.stepTypes.keys()] },
      'ready',
    );
    process.send?.({ type: 'ready' });
  } catch (error) {
    process.stderr.write(`The executor could not start: ${explain(error)}\n`);
    process.exit(1);
  }
}

async function problemOfSecretsDir({ secretsDir }: Settings): Promise<string | undefined> {
  if (secretsDir === undefined) return undefined;
  return readSecretFiles(secretsDir).then(
    () => undefined,
    (error: Error) => `SIGNALBOX_SECRETS_DIR: must be a folder that can be read: ${error.message}`,
  );
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
  if (code === '42P01' || code === '3F000')
    return 'the database has no tables of Signalbox yet. Start the API first: it makes them.';
  return error instanceof Error ? error.message || String(code) : String(error);
}
