import { type Logger, pino } from 'pino';

/** The log of this process, as JSON lines on standard error: standard output belongs to whoever started it. */
export function openServiceLog(workerName: string): Logger {
  return pino(
    { name: 'signalbox-executor', base: { pid: process.pid, worker: workerName } },
    pino.destination({ fd: 2, sync: true }),
  );
}
