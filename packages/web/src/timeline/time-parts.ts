import type { StepStatus } from '../app/graphql.ts';
import { STEP_LOOKS, type Tone } from '../status/tone.ts';

/** What a stretch of a step's time was spent on. */
export type PartKind = 'queue' | 'wait' | 'retry' | 'run';

/** A stretch of time, in milliseconds since 1970. */
export interface TimePart {
  kind: PartKind;
  from: number;
  to: number;
  tone: Tone;
  /** The attempt that it belongs to, where it belongs to one. */
  attempt: number | undefined;
}

export interface Period {
  startedAt: string;
  completedAt: string | null;
}

export interface TimedAttempt extends Period {
  number: number;
  status: StepStatus;
}

export interface TimedStep {
  type: string;
  status: StepStatus;
  startedAt: string | null;
  completedAt: string | null;
  /** Its output was taken over from another job: it took no time here. */
  reused: boolean;
}

/** Steps of these types do nothing but wait. */
const WAITING_TYPES: ReadonlySet<string> = new Set(['wait', 'approval', 'workflow']);

/**
 * What the time of a step went into: it stood in a queue until it could start, ran, waited, or was held back before
 * its next try.
 *
 * @param readyAt when everything that it needs was settled; undefined while that is not so
 * @param holds when workers held its job: an attempt that goes on while none does, waits
 */
export function partsOf(
  step: TimedStep,
  attempts: readonly TimedAttempt[],
  holds: readonly Period[],
  readyAt: number | undefined,
  now: number,
): TimePart[] {
  if (step.reused || step.status === 'SKIPPED') return [];
  const tries = attempts.length > 0 ? attempts : triesWithoutDetails(step);
  const first = tries[0];
  const parts: TimePart[] = [];
  const began = first === undefined ? undefined : Date.parse(first.startedAt);
  if (readyAt !== undefined && (began ?? now) > readyAt && (began !== undefined || step.status === 'PENDING')) {
    parts.push({ kind: 'queue', from: readyAt, to: began ?? now, tone: 'queued', attempt: undefined });
  }
  for (const [place, attempt] of tries.entries()) {
    const from = Date.parse(attempt.startedAt);
    const to = attempt.completedAt === null ? now : Date.parse(attempt.completedAt);
    parts.push(...partsOfAttempt(step, attempt, holds, from, Math.max(from, to), now));
    const next = tries[place + 1];
    const resumes = next ? Date.parse(next.startedAt) : step.status === 'WAITING' ? now : to;
    if (attempt.completedAt !== null && resumes > to) {
      parts.push({ kind: 'retry', from: to, to: resumes, tone: 'waiting', attempt: undefined });
    }
  }
  return parts;
}

function partsOfAttempt(
  step: TimedStep,
  { number, status }: TimedAttempt,
  holds: readonly Period[],
  from: number,
  to: number,
  now: number,
): TimePart[] {
  const wait = { kind: 'wait', tone: 'waiting', attempt: number } as const;
  const run = { kind: 'run', tone: STEP_LOOKS[status].tone, attempt: number } as const;
  if (WAITING_TYPES.has(step.type)) return [{ ...wait, from, to }];
  if (holds.length === 0) return [{ ...run, from, to }];
  const parts: TimePart[] = [];
  let at = from;
  for (const hold of holds) {
    const begins = Math.max(from, Date.parse(hold.startedAt));
    const ends = Math.min(to, hold.completedAt === null ? now : Date.parse(hold.completedAt));
    if (ends <= at || begins >= to) continue;
    if (begins > at) parts.push({ ...wait, from: at, to: begins });
    parts.push({ ...run, from: Math.max(at, begins), to: ends });
    at = ends;
  }
  if (at < to || parts.length === 0) parts.push({ ...(parts.length === 0 ? run : wait), from: at, to });
  return parts;
}

/** Before the attempts are known, what the step itself says has to do. */
function triesWithoutDetails({ status, startedAt, completedAt }: TimedStep): TimedAttempt[] {
  return startedAt === null ? [] : [{ number: 1, status, startedAt, completedAt }];
}

interface JobTimes {
  queuedAt: string | null;
  startedAt: string | null;
  completedAt: string | null;
}

/** The time of a job as a whole: in the queue, held by workers, and in between. */
export function partsOfJob(job: JobTimes, holds: readonly Period[], tone: Tone, now: number): TimePart[] {
  const parts: TimePart[] = [];
  const end = job.completedAt === null ? now : Date.parse(job.completedAt);
  const queuedAt = job.queuedAt === null ? undefined : Date.parse(job.queuedAt);
  let at = job.startedAt === null ? end : Date.parse(job.startedAt);
  if (queuedAt !== undefined && queuedAt < at) {
    parts.push({ kind: 'queue', from: queuedAt, to: at, tone: 'queued', attempt: undefined });
  }
  if (job.startedAt === null) return parts;
  for (const [place, hold] of holds.entries()) {
    const from = Date.parse(hold.startedAt);
    const to = hold.completedAt === null ? now : Date.parse(hold.completedAt);
    if (from > at) parts.push({ kind: 'wait', from: at, to: from, tone: 'waiting', attempt: undefined });
    parts.push({ kind: 'run', from, to, tone: place === holds.length - 1 ? tone : 'queued', attempt: undefined });
    at = to;
  }
  if (job.completedAt === null && at < now) {
    parts.push({ kind: 'wait', from: at, to: now, tone: 'waiting', attempt: undefined });
  }
  return parts;
}

/** How long each kind took in all. */
export function timeByKind(parts: readonly TimePart[]): Map<PartKind, number> {
  const sums = new Map<PartKind, number>();
  for (const { kind, from, to } of parts) sums.set(kind, (sums.get(kind) ?? 0) + to - from);
  return sums;
}
