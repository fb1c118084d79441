/** The executor as it really runs: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface ExecutorProcess {
  pid: number;
  /** Everything it has said on standard error so far. */
  said(): string;
  signal(name: NodeJS.Signals): void;
  /** Rejects with what it said when it ended before it was ready. */
  ready: Promise<void>;
  /** It has ended, and all that it has said has come. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  disconnect(): void;
}

/** Resolves when it has said that it is ready. Throws with what it said when it ended before. */
export async function startProcess(environment: Record<string, string>): Promise<ExecutorProcess> {
  const started = launchProcess(environment);
  await started.ready;
  return started;
}

/** Does not wait until it is ready. */
export function launchProcess(environment: Record<string, string>): ExecutorProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...ownEnvironment(), ...environment },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let said = '';
  const allSaid = new Promise<void>((resolve) => child.stderr?.once('close', resolve));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // Its own 'close' never comes once its channel was disconnected from here.
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => void allSaid.then(() => resolve({ code, signal })));
  });
  const pid = child.pid ?? -1;
  const ready = readiness(child, exited, () => said);
  // Not everybody waits for it.
  ready.catch(() => undefined);
  return {
    pid,
    ready,
    said: () => said,
    signal: (name) => void child.kill(name),
    exited,
    disconnect: () => child.disconnect(),
  };
}

/** For one that is expected to refuse its start. */
export async function refusedStart(
  environment: Record<string, string>,
): Promise<{ code: number | null; said: string }> {
  const started = launchProcess(environment);
  const { code } = await started.exited;
  return { code, said: started.said() };
}

/** What Node has compiled is kept from one start to the next. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { HOME, NODE_COMPILE_CACHE, PATH } = process.env;
  return { HOME, PATH, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };
}

async function readiness(child: ChildProcess, exited: ExecutorProcess['exited'], said: () => string): Promise<void> {
  const message = once(child, 'message').then(([first]) => {
    if (JSON.stringify(first) !== '{"type":"ready"}') throw new Error(`the first message was ${JSON.stringify(first)}`);
  });
  const ended = exited.then(({ code }) => {
    throw new Error(`the executor ended with ${code} before it was ready: ${said()}`);
  });
  await Promise.race([message, ended]);
}
