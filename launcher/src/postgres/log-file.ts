import { copyFile, open, readFile, stat, truncate } from 'node:fs/promises';

const LIMIT_BYTES = 5 * 1024 ** 2;
const TAIL_LINES = 5;
const LOOK_EVERY_MS = 10 * 60_000;

/** Opens the database's log for appending, so that it can be cut while the server writes to it. */
export async function openLog(logFile: string) {
  await limitLog(logFile);
  return open(logFile, 'a', 0o600);
}

/** Looks at the log from time to time and keeps it and its predecessor under 5 MiB each. Does not keep a process alive. */
export function keepLogSmall(logFile: string): { end(): void } {
  const timer = setInterval(() => void limitLog(logFile).catch(() => undefined), LOOK_EVERY_MS);
  timer.unref();
  return { end: () => clearInterval(timer) };
}

/** The last lines, oldest first. */
export async function tailOf(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8');
  return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}

async function limitLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size <= LIMIT_BYTES) return;
  await copyFile(logFile, `${logFile}.1`);
  await truncate(logFile);
}
