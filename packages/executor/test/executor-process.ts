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
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  disconnect(): void;
}

/** Resolves when it has said that it is ready. Throws with what it said when it ended before. */
export async function startProcess(environment: Record<string, string>): Promise<ExecutorProcess> {
  const { child, started } = launch(environment);
  const ready = once(child, 'message').then(([message]) => {
    if (JSON.stringify(message) !== '{"type":"ready"}')
      throw new Error(`the first message was ${JSON.stringify(message)}`);
  });
  const ended = started.exited.then(({ code }) => {
    throw new Error(`the executor ended with ${code} before it was ready: ${started.said()}`);
  });
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  return started;
}

/** For one that is expected to refuse its start. */
export async function refusedStart(
  environment: Record<string, string>,
): Promise<{ code: number | null; said: string }> {
  const { child, started } = launch(environment);
  const closed = once(child, 'close');
  const { code } = await started.exited;
  await closed;
  return { code, said: started.said() };
}

function launch(environment: Record<string, string>): { child: ChildProcess; started: ExecutorProcess } {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const pid = child.pid ?? -1;
  const started: ExecutorProcess = {
    pid,
    said: () => said,
    signal: (name) => void process.kill(pid, name),
    exited,
    disconnect: () => child.disconnect(),
  };
  return { child, started };
}
