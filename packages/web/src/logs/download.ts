import type { LogSelection } from './line.ts';

/** The shapes in which a log can be had: for reading, for programs, or what the steps wrote and nothing else. */
export const LOG_FORMATS = ['text', 'json', 'raw'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export const FORMAT_WORDS: Record<LogFormat, string> = { text: 'text', json: 'JSON lines', raw: 'raw' };

/** Numbers of lines, both included. */
export interface LineRange {
  from: number;
  to: number;
}

/** Where the server has a log as a file. It is streamed: the browser stores what comes and never holds all of it. */
export function logAddress(
  jobId: string,
  { stepKey, levels = [], search }: LogSelection,
  format: LogFormat,
  range?: LineRange,
): string {
  const params = new URLSearchParams({ format });
  if (stepKey !== undefined) params.set('step', stepKey);
  for (const level of levels) params.append('level', level);
  if (search) params.set('search', search);
  if (range) {
    params.set('from', String(range.from));
    params.set('to', String(range.to));
  }
  return `/logs/${jobId}?${params}`;
}

/** A log as text, to be copied. Rejects with words for the reader. */
export async function readLogText(jobId: string, selection: LogSelection, range?: LineRange): Promise<string> {
  const response = await fetch(logAddress(jobId, selection, 'text', range));
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}
