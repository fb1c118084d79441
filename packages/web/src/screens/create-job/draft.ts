import type { JobPriority } from '../../app/graphql.ts';

/** Everything about a new job besides its workflow and its input. */
export interface JobOptions {
  priority: JobPriority;
  subject: string;
  labels: string[];
  /** False leaves it created, to be started later. */
  start: boolean;
}

export const DEFAULT_OPTIONS: JobOptions = { priority: 'MEDIUM', subject: '', labels: [], start: true };

/** A key under which the same request, sent twice because its answer was lost, makes one job only. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
