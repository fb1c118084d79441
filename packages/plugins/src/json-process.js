// A process of its own, see json-work.ts. This thread watches over another one, which does the work.
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { TOO_LARGE, TOO_LONG, TOO_MUCH_MEMORY } from './json-exit.js';

const HEAP_MB = 192;
const MOST_MEMORY = 512 * 1024 * 1024;
const LOOK_EVERY_MS = 50;
const LARGEST_OUTPUT = 16 * 1024 * 1024;
/** Of one line; longer ones would be cut on their way. */
const PIECE = 64 * 1024;

/** @type {import('./json-work.ts').JsonTask} */
const task = JSON.parse(await text(process.stdin));
const thread = new Worker(new URL('./json-thread.js', import.meta.url), {
  workerData: task,
  resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
});
thread.once('online', () => setTimeout(() => process.exit(TOO_LONG), task.timeoutMs));
setInterval(() => {
  if (process.memoryUsage.rss() > MOST_MEMORY) process.exit(TOO_MUCH_MEMORY);
}, LOOK_EVERY_MS);
thread.once('error', (error) => {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') process.exit(TOO_MUCH_MEMORY);
  throw error;
});
thread.once('message', (/** @type {string} */ outcome) => {
  if (outcome.length > LARGEST_OUTPUT) process.exit(TOO_LARGE);
  // In ASCII, so that no character is torn apart by a line end.
  const ascii = outcome.replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const lines = [];
  for (let from = 0; from < ascii.length; from += PIECE) lines.push(ascii.slice(from, from + PIECE));
  process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0));
});
