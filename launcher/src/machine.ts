import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '@signalbox/core/settings';
import { type Configuration, readConfiguration } from './configuration.ts';
import { takeDataFolder } from './data-folder.ts';
import { type OpenDatabase, openDatabase, prepareTables } from './database.ts';
import { type KeptProcess, keepRunning } from './keep-running.ts';
import { isPortFree, requireFreePort } from './port.ts';
import { secretsKeyOf } from './secrets-key.ts';
import { type ServicePlan, startService } from './service.ts';
import { ownLine } from './service-line.ts';
import { EX_CONFIG, StartError } from './start-error.ts';
import { listenForStop, type StopRequests } from './stop-requests.ts';

const SERVICE_PATIENCE_MS = 40_000;
const DATABASE_PATIENCE_MS = 60_000;
/** A predecessor that was killed leaves an API behind, which puts its work down first. */
const PREDECESSOR_PATIENCE_MS = 45_000;
const PROBE_EVERY_MS = 50;
/** A service that never worked and fails so often has a fault that waiting does not cure. */
const FIRST_FAILURES_TOLERATED = 5;

export interface MachinePlan {
  /** Further ports that must be free, besides the API's. */
  ports: readonly number[];
  hasApi: boolean;
  /** Whether it makes sense only over a database that others use too. */
  needsSharedDatabase: boolean;
  services(configuration: Configuration): readonly ServicePlan[];
  readyLine(address: string): string;
}

const report = (line: string) => console.log(ownLine(line));

/**
 * Runs services on this machine over the database of the settings, or over one of its own in the data folder, and looks
 * after all of them until a signal ends it. Resolves when everything has stopped in good order.
 * @throws StartError for whatever the person at the terminal can put right
 */
export async function runMachine(plan: MachinePlan): Promise<void> {
  const stop = listenForStop();
  try {
    await run(plan, stop);
  } catch (error) {
    // Whatever breaks off after somebody asked to stop breaks off because of that.
    if (!stop.isAsked() || error instanceof StartError) throw error;
  }
  const problem = stop.problem();
  if (problem) throw problem;
}

async function run(plan: MachinePlan, stop: StopRequests): Promise<void> {
  const configuration = await readConfiguration(process.env);
  const { settings, env } = configuration;
  if (plan.needsSharedDatabase && !settings.databaseUrl) {
    throw new StartError(
      'DATABASE_URL is not set: an API or executor that runs alone meets the others in one PostgreSQL.',
      { exitCode: EX_CONFIG },
    );
  }
  const address = addressOf(settings);
  const folder = settings.databaseUrl ? undefined : await takeDataFolder(settings.dataDir, address);
  let database: OpenDatabase | undefined;
  const kept: KeptProcess[] = [];
  try {
    if (folder?.wasLeftBehind && plan.hasApi) await outwaitPredecessor(settings, stop.stopping);
    if (plan.hasApi) await requireFreePort(settings.host, settings.port, 'PORT');
    for (const port of plan.ports) await requireFreePort(settings.host, port);
    database = await openDatabase(settings, report);
    stop.stopping.throwIfAborted();
    await prepareTables(database.url, report);
    stop.stopping.throwIfAborted();
    stop.onForce(() => forceEnd(kept, database));
    const childEnv = {
      ...env,
      DATABASE_URL: database.url,
      SIGNALBOX_DATA_DIR: path.resolve(settings.dataDir),
      ...(database.embedded &&
        settings.secretsKeys.length === 0 && { SIGNALBOX_SECRETS_KEY: await secretsKeyOf(settings.dataDir) }),
    };
    const ready = plan.services(configuration).map((service) => {
      const { process, isReady } = keepService({ ...service, env: { ...childEnv, ...service.env } }, stop);
      kept.push(process);
      return isReady;
    });
    const url = (await Promise.all(ready)).find((found) => found !== undefined) ?? address;
    if (plan.hasApi) await untilAnswering(`${url}/readyz`, stop.stopping);
    if (!stop.stopping.aborted) console.log(plan.readyLine(url));
    await stop.stopped;
    report('stopping');
  } finally {
    await Promise.all(kept.map((process) => process.stop(SERVICE_PATIENCE_MS)));
    await database?.embedded?.stop(DATABASE_PATIENCE_MS);
    await folder?.release();
  }
}

/**
 * Starts a service and keeps it running; isReady resolves when it first says that it works, with its address if it has
 * one, or when all is to stop.
 */
function keepService(service: ServicePlan, stop: StopRequests) {
  const ready = Promise.withResolvers<string | undefined>();
  let wasReady = false;
  const becomeReady = (url?: string) => {
    wasReady = true;
    ready.resolve(url);
  };
  stop.stopping.addEventListener('abort', () => ready.resolve(undefined));
  const process = keepRunning({
    name: service.name,
    async start() {
      const started = await startService(service, becomeReady);
      if (!service.announcesReadiness) becomeReady();
      return started;
    },
    onFailure(failures) {
      if (wasReady || failures < FIRST_FAILURES_TOLERATED) return;
      stop.stopBecause(new StartError(`The ${service.name} does not start. Its messages are above.`));
    },
    onHopeless: stop.stopBecause,
    report,
  });
  return { process, isReady: ready.promise };
}

/** Waits until the API of a Signalbox that was killed here has let go of the port, for as long as that may take. */
async function outwaitPredecessor({ host, port }: Settings, stopping: AbortSignal): Promise<void> {
  const deadline = performance.now() + PREDECESSOR_PATIENCE_MS;
  let isWaiting = false;
  while (performance.now() < deadline && !(await isPortFree(host, port))) {
    if (!isWaiting) report(`waiting for the Signalbox that was killed here to let go of port ${port}`);
    isWaiting = true;
    await wait(PROBE_EVERY_MS, undefined, { signal: stopping });
  }
}

/** Resolves when the address answers with success, or when all is to stop. */
async function untilAnswering(url: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const response = await fetch(url, { signal: stopping }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await wait(PROBE_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

function forceEnd(services: readonly KeptProcess[], database: OpenDatabase | undefined): void {
  report('ending at once');
  for (const service of services) service.kill();
  database?.embedded?.kill();
}

function addressOf({ host, port }: Settings): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
