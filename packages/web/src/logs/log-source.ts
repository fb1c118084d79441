import type { LogLine } from './line.ts';

/** A stretch of a log, oldest line first. */
export interface LogPage {
  lines: readonly LogLine[];
  hasOlder: boolean;
  hasNewer: boolean;
}

/** The end of a log, and what there is to know of the whole. */
export interface LogEnd extends LogPage {
  /** How many lines there are in all. */
  total: number;
  /** The number of the first line of all; 0 when there is none. */
  firstSeq: number;
  /** Where to follow the log from without missing a line; null when it is empty. */
  followFrom: string | null;
}

export interface LogSink {
  /** A batch, which may be empty, and the cursor to go on after it. */
  lines(lines: readonly LogLine[], cursor: string): void;
  complete(): void;
  fail(message: string): void;
}

/** Where a log comes from. Failures reject with words for the reader. */
export interface LogSource {
  latest(count: number): Promise<LogEnd>;
  older(before: string, count: number): Promise<LogPage>;
  /** What was written behind a cursor, or from the beginning. */
  newer(after: string | null, count: number): Promise<LogPage>;
  /** The lines before and behind a number, and the line itself where it belongs to this log. */
  around(seq: number, count: number): Promise<LogPage>;
  /** Sends what came after the cursor and what comes from now on, until the returned function is called or the log is complete. */
  follow(after: string | null, sink: LogSink): () => void;
}

export interface LogState {
  lines: readonly LogLine[];
  /** How many lines there are in all. */
  total: number;
  /** The numbers between which they lie; 0 while there is none. */
  firstSeq: number;
  lastSeq: number;
  hasOlder: boolean;
  hasNewer: boolean;
  loading: 'latest' | 'older' | 'newer' | 'place' | 'nothing';
  error: string | undefined;
  /** Whether no line will be added any more. */
  complete: boolean;
  /** What to bring into view; another object for every wish. */
  place: { seq: number | 'end' } | undefined;
}

export const LOG_AT_FIRST: LogState = {
  lines: [],
  total: 0,
  firstSeq: 0,
  lastSeq: 0,
  hasOlder: false,
  hasNewer: false,
  loading: 'nothing',
  error: undefined,
  complete: false,
  place: undefined,
};
