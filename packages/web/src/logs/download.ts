import { stripAnsi } from './ansi.ts';
import { readWholeLog } from './job-log-source.ts';
import type { LogLine, LogSelection } from './line.ts';

/** The shapes in which a log can be had: for reading, for programs, or what the steps wrote and nothing else. */
export const LOG_FORMATS = ['text', 'json', 'raw'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const EXTENSIONS: Record<LogFormat, string> = { text: 'log', json: 'jsonl', raw: 'txt' };

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

/** The whole of a log as text, however long it is. Rejects with words for the reader. */
export async function readLogText(jobId: string, selection: LogSelection, format: LogFormat = 'text'): Promise<string> {
  return (await readParts(jobId, selection, format)).join('');
}

/** Saves a log as a file named after the job. Rejects with words for the reader. */
export async function downloadLog(jobId: string, selection: LogSelection, format: LogFormat): Promise<void> {
  const blob = new Blob(await readParts(jobId, selection, format), { type: 'text/plain;charset=utf-8' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${['job', jobId, selection.stepKey].filter(Boolean).join('-')}.${EXTENSIONS[format]}`;
  link.click();
  // The browser has taken the file by the next minute at the latest.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function readParts(jobId: string, selection: LogSelection, format: LogFormat): Promise<string[]> {
  const parts: string[] = [];
  for await (const lines of readWholeLog(jobId, selection)) {
    parts.push(lines.map((line) => formatLine(line, format)).join(''));
  }
  return parts;
}
