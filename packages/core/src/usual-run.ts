/** What past runs of a workflow say about one that runs now. Pure; all times are milliseconds, `now` and moments since 1970. */
import { isFinalStepStatus, type StepStatus } from './statuses.ts';
import { orderSteps } from './step-graph.ts';

/** Past runs of a workflow, all of which completed. */
export interface UsualRuns {
  /** How long workers held each of them, in rising order. */
  runs: readonly number[];
  /** How long each step took, in rising order and by its key; 0 where it was skipped. */
  steps: ReadonlyMap<string, readonly number[]>;
}

export interface RunningStep {
  key: string;
  needs: readonly string[];
  status: StepStatus;
  startedAt: number | null;
}

/** Fewer past runs than these say nothing about what is slow. */
const FEWEST_RUNS = 5;
/** Where everything usually takes an instant, this much more is still nothing to speak of. */
const LEAST_EXCESS_MS = 5_000;
/** What runs longer than it ever did goes on for this part of the time that it has taken, as far as anybody can tell. */
const OVERDUE = 0.1;

/**
 * When a running job will end: its steps behind each other and beside each other as they need one another, each for as long
 * as it usually takes; one that runs already for as long as those usually still took that had come so far. Steps without a
 * history are taken for average ones. Undefined when none has a history. Never in the past.
 * @param steps the steps of the workflow, in any order
 */
export function expectedEnd(
  steps: readonly RunningStep[],
  { steps: history }: UsualRuns,
  now: number,
): number | undefined {
  const known = [...history.values()].filter((durations) => durations.length > 0).map(median);
  if (known.length === 0) return undefined;
  const unknown = known.reduce((sum, duration) => sum + duration, 0) / known.length;
  const ends = new Map<string, number>();
  for (const index of orderSteps(steps).order) {
    const step = steps[index];
    if (!step || isFinalStepStatus(step.status)) continue;
    const durations = history.get(step.key) ?? [];
    if (step.status !== 'PENDING' && step.startedAt !== null) {
      ends.set(step.key, now + stillToGo(durations, unknown, now - step.startedAt));
      continue;
    }
    const start = step.needs.reduce((latest, need) => Math.max(latest, ends.get(need) ?? now), now);
    ends.set(step.key, start + (durations.length > 0 ? median(durations) : unknown));
  }
  return [...ends.values()].reduce((latest, end) => Math.max(latest, end), now);
}

/** Of a step that has run for a while: what those took beyond that which took longer. */
function stillToGo(durations: readonly number[], unknown: number, elapsed: number): number {
  if (durations.length === 0) return Math.max(unknown - elapsed, elapsed * OVERDUE);
  const longer = durations.filter((duration) => duration > elapsed);
  return longer.length > 0 ? median(longer) - elapsed : elapsed * OVERDUE;
}

/**
 * From how long on a run is slow: well beyond what nearly all took, however much they vary. Undefined when too few are known.
 */
export function slowBeyond({ runs }: UsualRuns): number | undefined {
  if (runs.length < FEWEST_RUNS) return undefined;
  const usual = median(runs);
  const spread = median(runs.map((run) => Math.abs(run - usual)).sort((one, other) => one - other));
  return Math.max(quantile(runs, 0.95) * 1.5, usual * 2, usual + 6 * spread, usual + LEAST_EXCESS_MS);
}

/** @param values in rising order, at least one */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between the two nearest where none stands at the place itself. */
function quantile(values: readonly number[], part: number): number {
  const place = (values.length - 1) * part;
  const [below, above] = [values[Math.floor(place)] ?? 0, values[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place % 1);
}
