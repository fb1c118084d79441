import type { JobPriority, JsonObject } from '../../app/graphql.ts';

/** Everything about a new job besides its workflow and its input. */
export interface JobOptions {
  /** Null for the workflow's own. */
  priority: JobPriority | null;
  subject: string;
  labels: string[];
  /** False leaves it created, to be started later. */
  start: boolean;
}

export const DEFAULT_OPTIONS: JobOptions = { priority: null, subject: '', labels: [], start: true };

/** What a job can begin with: a past one, or a template. */
export interface StartingPoint {
  input: JsonObject;
  priority: JobPriority | null;
  subject: string | null;
  labels: readonly string[];
  /** The name of the template. */
  template?: string;
}

/** The options of a starting point; whether to start is for the person to say. */
export function optionsOf({ priority, subject, labels }: StartingPoint, { start }: JobOptions): JobOptions {
  return { priority, subject: subject ?? '', labels: [...labels], start };
}

/** A key under which the same request, sent twice because its answer was lost, makes one job only. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
