import { fileURLToPath } from 'node:url';
import type { Settings } from '@signalbox/core/settings';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { relockSecrets } from '@signalbox/db/secrets';
import { pino } from 'pino';
import { artifactFolder } from './http/artifacts.ts';
import type { GuardLists } from './http/guard.ts';
import { startServer } from './http/server.ts';
import { type OpenServices, openServices } from './services.ts';
import { StartError } from './start-error.ts';
import { stopSignal } from './stop-signal.ts';
import { loadWorkflowFiles } from './workflow-files.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Serves until the process is asked to stop. Throws StartError for what whoever started it can change. */
export async function runApi(settings: Settings): Promise<void> {
  const stop = stopSignal();
  const log = pino({ name: 'api', base: undefined }, pino.destination({ dest: 2, sync: true }));
  if (!settings.databaseUrl) {
    throw new StartError(
      'DATABASE_URL: the address of a PostgreSQL database is needed, such as postgres://user@host/database. `npm start` brings one of its own.',
      78,
    );
  }
  const services = await openServices({
    databaseUrl: settings.databaseUrl,
    leaseSeconds: settings.leaseSeconds,
    auth: settings.auth,
    secretsKeys: settings.secretsKeys,
    log,
  }).catch((error: unknown) => {
    throw StartError.ofDatabase(error);
  });
  try {
    await prepare(services, settings.workflowsDir).catch((error: unknown) => {
      throw StartError.ofDatabase(error);
    });
    const server = await startServer({
      services,
      host: settings.host,
      port: settings.port,
      guard: guardLists(settings),
      artifactFolder: artifactFolder(settings.artifacts),
      webFolder: WEB_FOLDER,
    }).catch((error: unknown) => {
      throw StartError.ofListening(error, settings.host, settings.port);
    });
    log.info(`listening at ${server.url}`);
    process.send?.({ type: 'ready', url: server.url });
    await stop;
    await server.close();
  } finally {
    await services.close();
  }
}

async function prepare(services: OpenServices, workflowsFolder: string): Promise<void> {
  // Fails at once when the database was never migrated.
  await services.db.pool.query('SELECT FROM workflow LIMIT 1');
  await loadWorkflowFiles(services, DEFAULT_TENANT_ID, workflowsFolder);
  await lockWithNewestKey(services);
}

/** Somebody may have put a new key in front of the old one since the last start. */
async function lockWithNewestKey({ db, log, secretKeys }: OpenServices): Promise<void> {
  const { closed, relocked } = await relockSecrets(db, secretKeys);
  if (relocked > 0) log.info(`${relocked} secrets were locked anew with the first key of SIGNALBOX_SECRETS_KEY`);
  if (closed.length > 0)
    log.warn({ secrets: closed }, 'no key of SIGNALBOX_SECRETS_KEY opens these secrets: set them anew');
}

/** The address that browsers use is served, and its pages may call the API. */
function guardLists({ allowedHosts, allowedOrigins, auth: { publicUrl } }: Settings): GuardLists {
  if (publicUrl === undefined) return { allowedHosts, allowedOrigins };
  return {
    allowedHosts: [...allowedHosts, new URL(publicUrl).host],
    allowedOrigins: [...allowedOrigins, publicUrl],
  };
}
