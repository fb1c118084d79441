import type { Activity, ActivityStart, CostEntry, Reservation, ReservationRequest } from './metering.ts';
import type { SpawnOptions, SpawnResult } from './spawn.ts';

/**
 * How a log line is shown and filtered.
 *
 * @example
 * const level: LogLevel = slow ? 'WARNING' : 'INFO';
 */
export type LogLevel = 'DEBUG' | 'INFO' | 'PROGRESS' | 'SUCCESS' | 'WARNING' | 'ERROR';

/**
 * Everything a running step may know and do. The host makes a fresh one for every attempt.
 *
 * @example
 * async run(ctx: StepContext<{ files: string[] }>) {
 *   for (const [index, file] of ctx.config.files.entries()) {
 *     await ctx.checkpoint();
 *     ctx.progress((index / ctx.config.files.length) * 100, file);
 *     await ctx.spawn('gzip', ['--keep', file]);
 *   }
 *   ctx.log('SUCCESS', 'All files are compressed.');
 *   return { files: ctx.config.files.length };
 * }
 */
export interface StepContext<Config> {
  /** The step's `with`: expressions evaluated, defaults applied, validated against the step type's schema. */
  config: Config;
  job: {
    id: string;
    /** The workflow's slug. */
    workflow: string;
    version: number;
    input: Record<string, unknown>;
    subject?: string;
    labels: string[];
  };
  step: { key: string; type: string };
  attempt: {
    /** From 1. */
    number: number;
    /** The same for the same attempt, whatever worker runs it: send it along to services that recognise repeats. */
    idempotencyKey: string;
  };
  /** Aborted when the step must stop. Its reason: 'cancelled' | 'forced' | 'paused' | 'timeout' | 'lease-lost' | 'shutdown'. */
  signal: AbortSignal;
  /** Writes one or more lines. Never blocks; a step that writes very much awaits `checkpoint` now and then. */
  log(level: LogLevel, message: string): void;
  /** @param percent 0 to 100 of this step. */
  progress(percent: number, note?: string): void;
  /** A safe place to stop: throws where a cancel or a pause was asked (let it pass), and flushes the log. */
  checkpoint(): Promise<void>;
  /**
   * Runs a program in a process group that dies with the step, and answers when the program has ended.
   * Rejects with the system's error (`code: 'ENOENT'` and so on) when it cannot be started.
   */
  spawn(program: string, args: string[], options?: SpawnOptions): Promise<SpawnResult>;
  /** Keeps a file with the job. `path` is absolute or relative to the working folder. */
  artifact(
    name: string,
    content: Uint8Array | string | { path: string },
    contentType?: string,
  ): Promise<{ id: string; url: string }>;
  /** Adds to what the job has cost. One millionth of a US dollar is 1 `microUsd`; leave unknown parts out. */
  cost(entry: CostEntry): void;
  /**
   * Asks for room in the budgets before something that costs is done. Rejects with a BUDGET failure, or as a pause does,
   * where there is none: let it pass. Older hosts have no budgets and no such method.
   */
  reserve?(request: ReservationRequest): Promise<Reservation>;
  /** Tells of a part of the step, such as a turn of a model, that people see on its own. Older hosts have no such method. */
  activity?(start: ActivityStart): Activity;
  /** The value of a secret, masked in everything this step writes from now on. Throws a CONFIGURATION failure when unset. */
  secret(name: string): string;
  /**
   * Set when a wait has ended and the step runs again, in the same attempt. `approved` is absent when nobody decided and the
   * time of the wait was up; `decidedAt` is ISO 8601.
   */
  resume?: { approved?: boolean; comment?: string; form?: Record<string, unknown>; decidedAt?: string };
}
