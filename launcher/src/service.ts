import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Exit, ManagedProcess } from './keep-running.ts';

export interface ServicePlan {
  /** For messages: "executor". */
  name: string;
  /** What Node runs: its own flags, the file, the file's arguments. */
  nodeArguments: readonly string[];
  env?: Record<string, string | undefined>;
  /** Whether it says by `process.send({ type: 'ready' })` when it works; others count as ready once started. */
  announcesReadiness: boolean;
}

/** What a service says to us when it works. */
interface ReadyMessage {
  type: 'ready';
  /** Where it answers, if it answers anywhere. */
  url?: string;
}

/**
 * Starts a service as a Node process that shares our terminal. It is asked to stop by SIGTERM, and learns by its closed
 * IPC channel when we are gone.
 */
export async function startService(
  { nodeArguments, env }: ServicePlan,
  onReady: (url: string | undefined) => void,
): Promise<ManagedProcess> {
  const child = spawn(process.execPath, nodeArguments, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.on('message', (message) => {
    if (isReadyMessage(message)) onReady(message.url);
  });
  const exited = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }));
  exited.catch(() => undefined);
  await once(child, 'spawn');
  return { exited, stop: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') };
}

function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
