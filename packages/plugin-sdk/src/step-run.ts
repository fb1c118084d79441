import type { LogLevel, StepContext } from './context.ts';
import type { FailureCategory } from './failure.ts';
import type { ActivityEnd, ActivityStart, BudgetLimit, CostEntry } from './metering.ts';
import type { Wait } from './step-type.ts';

/**
 * What `runStep` gives to the step.
 *
 * @example
 * const options: RunOptions<{ text: string }> = { config: { text: 'hello' }, secrets: { TOKEN: 's3cret' } };
 */
export interface RunOptions<Config> {
  /** The step's `with`. Defaults of the schema are filled in; it is not validated, so that bad input can be tried too. */
  config?: Partial<Config>;
  /** The job's input; empty when absent. */
  input?: Record<string, unknown>;
  /** What `ctx.secret` knows. */
  secrets?: Record<string, string>;
  /** Cancels the step after so many milliseconds. */
  abortAfterMs?: number;
  /** Stops the step from outside; give it one of the contract's reasons: `controller.abort('paused')`. */
  signal?: AbortSignal;
  /** Which attempt it is; 1 when absent. */
  attempt?: number;
  /** A budget that `ctx.reserve` holds the step to. A call that does not fit is refused as BUDGET, whatever the action. */
  budget?: Pick<BudgetLimit, 'microUsd' | 'tokens'>;
  /** As after a wait. */
  resume?: StepContext<Config>['resume'];
  /** Called for each line as it is written: a test can act on it instead of waiting. */
  onLine?(line: RecordedLine): void;
}

/**
 * A line that the step, or a program it started, wrote.
 *
 * @example
 * const warnings = run.lines.filter((line: RecordedLine) => line.level === 'WARNING');
 */
export type RecordedLine = { level: LogLevel; stream: 'STDOUT' | 'STDERR'; message: string };

/**
 * Why the step failed. CANCELLED stands for a stop that was asked for.
 *
 * @example
 * const expected: RecordedFailure = { message: 'The text is empty.', category: 'USER_INPUT' };
 */
export interface RecordedFailure {
  message: string;
  category: FailureCategory | 'CANCELLED';
  retryable?: boolean;
  retryAfterMs?: number;
  /** What was thrown. */
  cause?: unknown;
}

/**
 * A part of the step that it told of by `ctx.activity`.
 *
 * @example
 * const calls = run.activities.filter((activity: RecordedActivity) => activity.kind === 'TOOL_CALL');
 */
export type RecordedActivity = Omit<ActivityStart, 'parent'> & {
  id: string;
  parentId?: string;
  /** Absent when the step did not end it. */
  end?: ActivityEnd;
};

/**
 * All that a step did.
 *
 * @example
 * const run: StepRun<{ text: string }> = await runStep(shout, { config: { text: 'hello' } });
 * expect(run.output).toEqual({ text: 'HELLO' });
 */
export interface StepRun<Output> {
  /** What `run` returned, as it comes back from JSON; absent when it failed or waits. */
  output?: Output;
  /** Set when the step parked itself. */
  wait?: Wait['wait'];
  failure?: RecordedFailure;
  lines: RecordedLine[];
  artifacts: { name: string; content: Buffer; contentType?: string }[];
  /** What was told by `ctx.cost`, and by settled reservations. */
  costs: CostEntry[];
  activities: RecordedActivity[];
  progress: { percent: number; note?: string }[];
}
