import { stripAnsi } from './ansi.ts';
import type { LogLine } from './line.ts';

/** The shapes in which a log can be had: for reading, for programs, or what the steps wrote and nothing else. */
export const LOG_FORMATS = ['text', 'json', 'raw'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const EXTENSIONS: Record<LogFormat, string> = { text: 'log', json: 'jsonl', raw: 'txt' };

/** What a file of a format is called at its end. */
export function fileExtension(format: LogFormat): string {
  return EXTENSIONS[format];
}

/** One line of a file, newline included. */
export function formatLine(line: LogLine, format: LogFormat): string {
  if (format === 'json') {
    const { seq, at, level, stream, stepKey, attempt, message } = line;
    return `${JSON.stringify({ seq, at, level, stream, stepKey, attempt, message })}\n`;
  }
  if (format === 'raw') return `${line.message}\n`;
  const step = line.stepKey === null ? '' : ` [${line.stepKey}]`;
  return `${line.at} ${line.level.padEnd(8)}${step} ${stripAnsi(line.message)}\n`;
}
