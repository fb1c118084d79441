import type { LogLevel } from '../app/graphql.ts';

/** A line of a job's log. */
export interface LogLine {
  /** Where a subscription goes on after it. */
  cursor: string;
  /** Its number in the job, from 1 and without gaps. */
  seq: number;
  at: string;
  level: LogLevel;
  stream: 'STDOUT' | 'STDERR' | 'SYSTEM';
  message: string;
  stepKey: string | null;
  attempt: number | null;
}

/** Which lines of a job to show; the whole log without any of them. */
export interface LogSelection {
  stepKey?: string;
  levels?: readonly LogLevel[];
  search?: string;
}

/** Whether a line that arrived live belongs to a selection, by the same rules as the API's filter. */
export function selects(selection: LogSelection, line: LogLine): boolean {
  if (selection.stepKey !== undefined && line.stepKey !== selection.stepKey) return false;
  if (selection.levels && selection.levels.length > 0 && !selection.levels.includes(line.level)) return false;
  const search = selection.search?.toLowerCase() ?? '';
  return search === '' || line.message.toLowerCase().includes(search);
}

export const LEVELS: readonly LogLevel[] = ['ERROR', 'WARNING', 'SUCCESS', 'INFO', 'PROGRESS', 'DEBUG'];

export const LEVEL_WORDS: Record<LogLevel, string> = {
  ERROR: 'error',
  WARNING: 'warning',
  SUCCESS: 'success',
  INFO: 'info',
  PROGRESS: 'progress',
  DEBUG: 'debug',
};
