import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError, systemErrorCode } from './start-error.ts';

/** Below the ranges from which systems take ports for outgoing connections, so that a stored port stays free. */
const OWN_PORTS = { from: 20_000, to: 30_000 };
const TRIES = 200;

async function bindOnce(host: string, port: number): Promise<void> {
  const server = createServer();
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  await new Promise((resolve) => server.close(resolve));
}

/** Whether a server could listen there now. False when another one does; other errors are thrown. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  try {
    await bindOnce(host, port);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EADDRINUSE') return false;
    throw error;
  }
}

/**
 * Checks that something will be able to listen there, before anything is started for it.
 * @param setting by which the port can be changed, if there is one
 */
export async function requireFreePort(host: string, port: number, setting?: string): Promise<void> {
  try {
    if (await isPortFree(host, port)) return;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EACCES') {
      throw new StartError(`Port ${port} may not be used without more rights. Set PORT to a number above 1023.`);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(`HOST ${host} is not an address of this machine. Set HOST to 127.0.0.1.`);
    }
    throw error;
  }
  const otherwise = setting ? ` or set ${setting}` : '';
  throw new StartError(`Port ${port} is already in use on ${host}. Stop the other program${otherwise}.`);
}

/** A port for the database that is free now and is unlikely to be taken while the database is down for a moment. */
export async function findFreePort(host: string): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(OWN_PORTS.from, OWN_PORTS.to);
    if (await isPortFree(host, port)) return port;
  }
  throw new StartError(`No free port was found on ${host} between ${OWN_PORTS.from} and ${OWN_PORTS.to}.`);
}
