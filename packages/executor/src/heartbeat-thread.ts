/** The thread that keeps the leases: whatever blocks the main thread does not reach it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Heart, type HeartMessage } from './heart.ts';
import { openServiceLog } from './service-log.ts';

const heart = new Heart(workerData, {
  logger: openServiceLog(workerData.workerName, workerData.logLevel),
  tell: (message: HeartMessage) => parentPort?.postMessage(message),
});
heart.start();
parentPort?.once('message', () => void heart.stop().finally(() => process.exit()));
