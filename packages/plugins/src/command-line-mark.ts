import type { LogLevel } from '@signalbox/plugin-sdk';

/** What a line of a command's output says besides its text. */
export type LineMark = { level: LogLevel; text: string } | { percent: number; note: string };

const LEVELS: Record<string, LogLevel> = {
  debug: 'DEBUG',
  info: 'INFO',
  success: 'SUCCESS',
  warning: 'WARNING',
  error: 'ERROR',
};
const LEVEL_MARK = /^::(debug|info|success|warning|error)::/;
const PROGRESS_MARK = /^::progress (\d{1,3}(?:\.\d+)?)::/;

/** Reads `::warning::text` and `::progress 40::half way`; a line without a mark is INFO. */
export function readMark(line: string): LineMark {
  if (!line.startsWith('::')) return { level: 'INFO', text: line };
  const [levelMark, word] = LEVEL_MARK.exec(line) ?? [];
  const level = word === undefined ? undefined : LEVELS[word];
  if (levelMark !== undefined && level !== undefined) return { level, text: line.slice(levelMark.length) };
  const [progressMark, percent] = PROGRESS_MARK.exec(line) ?? [];
  if (progressMark !== undefined && Number(percent) <= 100) {
    return { percent: Number(percent), note: line.slice(progressMark.length) };
  }
  return { level: 'INFO', text: line };
}
