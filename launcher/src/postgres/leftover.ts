import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isGoneWithin, isPostgresIn } from '../process-identity.ts';
import { StartError, systemErrorCode } from '../start-error.ts';

const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 10_000;
/** No system gives a process this number. */
const NOBODYS_PID = 2_147_483_647;

/**
 * Ends a server that an earlier, killed Signalbox left working in this cluster, so that the new one is its only master.
 * Only a process that is shown to be PostgreSQL in this very folder is ever signalled. The caller holds the data folder.
 * @returns the number of the server that was stopped, undefined when there was none
 */
export async function stopLeftover(clusterFolder: string): Promise<number | undefined> {
  const pidFile = path.join(clusterFolder, 'postmaster.pid');
  const content = await readIfThere(pidFile);
  const pid = Number.parseInt(content?.split('\n')[0] ?? '', 10);
  if (content === undefined) return undefined;
  if (!Number.isInteger(pid) || pid <= 0 || !(await isPostgresIn(pid, clusterFolder))) {
    await disownPid(pidFile, content);
    return undefined;
  }
  for (const [signal, patience] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
  ] as const) {
    process.kill(pid, signal);
    if (await isGoneWithin(pid, patience)) {
      await disownPid(pidFile, await readIfThere(pidFile));
      return pid;
    }
  }
  throw new StartError(
    `The database server left over from an earlier run (process ${pid}) does not stop. End it with \`kill -9 ${pid}\` and start again.`,
  );
}

/**
 * The number in a stale file may belong to some other program by now, or to an ended server that nobody has reaped; then
 * PostgreSQL would refuse to start. The rest of the file stays: by it PostgreSQL checks for stray workers of its own.
 */
async function disownPid(pidFile: string, content: string | undefined): Promise<void> {
  if (content === undefined) return;
  const [, ...rest] = content.split('\n');
  await writeFile(pidFile, [NOBODYS_PID, ...rest].join('\n'));
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
