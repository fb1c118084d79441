import { groupKeyOf, type RowStep } from './step-rows.ts';

interface Planned extends RowStep {
  needs: readonly string[];
  startedAt: string | null;
  completedAt: string | null;
}

/**
 * When each step could have begun, by keys: all that it needs was settled then. Left out are steps that cannot begin
 * yet, and in a job that is over those that never did.
 */
export function readyTimes(
  steps: readonly Planned[],
  job: { startedAt: string | null; completedAt: string | null },
): Map<string, number> {
  const ready = new Map<string, number>();
  if (job.startedAt === null) return ready;
  const from = Date.parse(job.startedAt);
  const known = new Map(steps.map((step) => [step.key, step]));
  for (const step of steps) {
    if (job.completedAt !== null && step.startedAt === null) continue;
    const parent = groupKeyOf(step);
    const times =
      // An item can begin when its step has made it.
      parent === undefined ? step.needs.map((key) => known.get(key)?.completedAt) : [known.get(parent)?.startedAt];
    if (times.every((time) => typeof time === 'string')) {
      ready.set(step.key, Math.max(from, ...times.map((time) => Date.parse(time))));
    }
  }
  return ready;
}
