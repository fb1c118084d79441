import type { Look } from '../../status/tone.ts';
import type { Queue, Worker } from './documents.ts';

/** How a worker is, as colour, icon and word. */
export function workerLook({ healthy, stoppedAt }: Pick<Worker, 'healthy' | 'stoppedAt'>): Look {
  if (healthy) return { tone: 'completed', icon: 'check', word: 'Healthy' };
  if (stoppedAt !== null) return { tone: 'queued', icon: 'circle', word: 'Stopped' };
  return { tone: 'failed', icon: 'cross', word: 'Vanished' };
}

/** Why the jobs of a queue wait, in words; undefined when none does. */
export function queueReason({ queued, workers, slots, taken }: Queue): string | undefined {
  if (queued === 0) return undefined;
  if (workers === 0) return 'No worker serves this queue';
  if (taken >= slots) return slots === 1 ? 'The only slot is taken' : `All ${slots} slots are taken`;
  return 'For a concurrency key, a step type, or just a moment';
}

/** `812 kB`, `96 MB`, `1.2 GB`. */
export function formatMemory(bytes: string | number): string {
  const count = Number(bytes);
  if (count < 1e6) return `${Math.round(count / 1e3)} kB`;
  if (count < 1e9) return `${Math.round(count / 1e6)} MB`;
  return `${(count / 1e9).toFixed(1)} GB`;
}
