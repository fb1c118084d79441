/**
 * What an executor and the process of a plugin say to each other: one JSON object a line, in both directions, over one
 * socket. Secrets are asked for on a second one, where the plugin waits for the answer.
 *
 * A further method of the context is a further entry of `Told` (nobody waits for it) or of `Calls` (answered).
 */
import type {
  ActivityEnd,
  ActivityStart,
  BudgetLimit,
  CostEntry,
  LogLevel,
  ObjectSchema,
  ReservationRequest,
  SpawnResult,
  StepContext,
} from '@signalbox/plugin-sdk';

/** The file descriptors that a plugin's process is started with, besides the usual three. */
export const MESSAGES_FD = 3;
export const SECRETS_FD = 4;

/** A message that is longer than this is none that we send. */
export const LONGEST_MESSAGE = 32 * 1024 * 1024;

export type Stream = 'STDOUT' | 'STDERR';

/** Everything about a step type but its code. */
export interface StepTypeDescription {
  type: string;
  title: string;
  description: string;
  icon?: string;
  config: ObjectSchema;
  output?: ObjectSchema;
  repeatable?: boolean;
}

export interface PluginDescription {
  name: string;
  version?: string;
  stepTypes: StepTypeDescription[];
}

/** The part of a context that is data. */
export type StepFacts = Pick<StepContext<Record<string, unknown>>, 'config' | 'job' | 'step' | 'attempt' | 'resume'>;

/** Something thrown, as it crosses over. */
export interface Thrown {
  name: string;
  message: string;
  category?: string;
  retryable?: boolean;
  retryAfterMs?: number;
  /** Of the system's errors, such as ENOENT. */
  code?: string;
  /** For the service log; absent when the message was written for users. */
  stack?: string;
}

/** With the amount as a text, which JSON carries exactly. */
export type SentCost = Omit<CostEntry, 'microUsd'> & { microUsd?: string };
type SentLimit = Omit<BudgetLimit, 'microUsd'> & { microUsd?: string };

/** What a step says and does not wait for. */
export interface Told {
  uses: { text: string };
  log: { lines: [level: LogLevel, stream: Stream, message: string][] };
  /** It wrote more than may be kept, and the rest is dropped. */
  logFull: Record<never, never>;
  progress: { percent: number; note?: string; stream: Stream };
  cost: { entry: SentCost };
  /** Activities have numbers of the plugin's own here, also as parents. */
  activity: { id: string; start: Omit<ActivityStart, 'parent'> & { parent?: string } };
  activityEnd: { id: string; end: Omit<ActivityEnd, 'cost'> & { cost?: SentCost } };
}

/** What a step asks for, and what it is given. */
export interface Calls {
  checkpoint: { ask: Record<never, never>; answer: null };
  spawn: {
    ask: {
      program: string;
      args: string[];
      options: { cwd?: string; env?: Record<string, string>; stdin?: string; shell?: boolean };
      hasReader: boolean;
    };
    answer: SpawnResult;
  };
  artifact: {
    ask: {
      name: string;
      content: { text: string } | { base64: string } | { path: string; isText?: boolean };
      contentType?: string;
    };
    answer: { id: string; url: string };
  };
  reserve: {
    ask: Omit<ReservationRequest, 'microUsd' | 'limit'> & { microUsd?: string; limit?: SentLimit };
    answer: { reservation: number; limited: boolean };
  };
  settle: { ask: { reservation: number; cost: SentCost }; answer: null };
  release: { ask: { reservation: number }; answer: null };
}

export type CallName = keyof Calls;

export type ToldMessage = { [Name in keyof Told]: { type: Name; step: number } & Told[Name] }[keyof Told];
export type CallMessage = {
  [Name in CallName]: { type: 'call'; step: number; call: number; name: Name; ask: Calls[Name]['ask'] };
}[CallName];
/** How a step ended. `result` is JSON text. */
export type EndMessage =
  | { type: 'done'; step: number; result: string }
  | { type: 'failed'; step: number; thrown: Thrown };

export type StepMessage = ToldMessage | CallMessage | EndMessage;

/** How loading ended; `files` are the modules that were read for it. */
export type LoadMessage =
  | { type: 'loaded'; plugin: PluginDescription; files: string[] }
  | { type: 'refused'; problem: string; files: string[] };

export type PluginMessage =
  | LoadMessage
  | StepMessage
  /** Thrown where nobody awaits it, and not by a step that runs. */
  | { type: 'stray'; thrown: Thrown };

export type HostMessage =
  | { type: 'run'; step: number; facts: StepFacts; logRoom: number }
  | { type: 'abort'; step: number; reason: string }
  | { type: 'answer'; step: number; call: number; answer: unknown }
  | { type: 'refusal'; step: number; call: number; thrown: Thrown }
  /** A line of a program that the call has started, for its reader. */
  | { type: 'line'; step: number; call: number; line: string; stream: Stream };

export type SecretQuestion = { step: number; name: string };
export type SecretAnswer = { value: string } | { thrown: Thrown };
