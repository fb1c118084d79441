import { fileExtension, formatLine, type LogFormat } from './format.ts';
import { readWholeLog } from './job-log-source.ts';
import type { LogSelection } from './line.ts';

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
  link.download = `${['job', jobId, selection.stepKey].filter(Boolean).join('-')}.${fileExtension(format)}`;
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
