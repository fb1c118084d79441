import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Exit, ManagedProcess } from './keep-running.ts';
import { serviceLine } from './service-line.ts';

/** How long the last lines of an ended service may take; a grandchild could hold its pipes open for ever. */
const LAST_LINES_MS = 500;

export interface ServicePlan {
  /** For messages: "executor". */
  name: string;
  /** What Node runs: its own flags, the file, the file's arguments. */
  nodeArguments: readonly string[];
  env?: Record<string, string | undefined>;
  /** Whether it says by `process.send({ type: 'ready' })` when it works; others count as ready once started. */
  announcesReadiness: boolean;
  /** 'short' for people: its lines are put into one form with its name; 'raw' for log collectors: they stay JSON. */
  output: 'short' | 'raw';
}

/** What a service says to us when it works. */
interface ReadyMessage {
  type: 'ready';
  /** Where it answers, if it answers anywhere. */
  url?: string;
}

/**
 * Starts a service as a Node process of our process group. It is asked to stop by SIGTERM, and learns by its closed IPC
 * channel when we are gone.
 */
export async function startService(
  { name, nodeArguments, env, output }: ServicePlan,
  onReady: (url: string | undefined) => void,
): Promise<ManagedProcess> {
  const stream = output === 'raw' ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, nodeArguments, { env, stdio: ['ignore', stream, stream, 'ipc'] });
  child.on('message', (message) => {
    if (isReadyMessage(message)) onReady(message.url);
  });
  const relayed = [child.stdout, child.stderr].map((lines) => relay(name, lines));
  const exited = exitOf(child, Promise.all(relayed));
  exited.catch(() => undefined);
  await once(child, 'spawn');
  return { exited, stop: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') };
}

/** How it ended, known when its last lines have been shown. */
async function exitOf(child: ChildProcess, relayed: Promise<unknown>): Promise<Exit> {
  const [code, signal] = await once(child, 'exit');
  await Promise.race([relayed, wait(LAST_LINES_MS)]);
  return { code, signal };
}

async function relay(name: string, lines: Readable | null): Promise<void> {
  if (!lines) return;
  const reader = createInterface(lines);
  reader.on('line', (line) => console.log(serviceLine(name, line)));
  await once(reader, 'close');
}

function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}
