import { stripVTControlCharacters } from 'node:util';
import type { StoredLogLine } from '@signalbox/db/logs';

/** The shapes in which a log can be had: for reading, for programs, or what the steps wrote and nothing else. */
export const FORMATS = ['text', 'json', 'raw'] as const;
export type LogFormat = (typeof FORMATS)[number];

/** One line of a file, newline included. */
export function formatLine(
  { seq, at, level, stream, stepKey, attempt, message }: StoredLogLine,
  format: LogFormat,
): string {
  if (format === 'json') {
    return `${JSON.stringify({ seq, at: at.toISOString(), level, stream, stepKey, attempt, message })}\n`;
  }
  if (format === 'raw') return stream === 'SYSTEM' ? '' : `${message}\n`;
  const step = stepKey === null ? '' : ` [${stepKey}]`;
  return `${at.toISOString()} ${level.padEnd(8)}${step} ${stripVTControlCharacters(message)}\n`;
}
