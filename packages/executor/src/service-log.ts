import { type Logger, pino } from 'pino';

/** The log of this process, as JSON lines on standard error: standard output belongs to whoever started it. */
export function openServiceLog(workerName: string, level = 'info'): Logger {
  return pino(
    { name: 'signalbox-executor', level, base: { pid: process.pid, worker: workerName } },
    pino.destination({ fd: 2, sync: true }),
  );
}
