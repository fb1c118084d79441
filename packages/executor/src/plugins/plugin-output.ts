import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { LineSplitter } from '../line-splitter.ts';
import type { Stream } from './protocol.ts';

/** Reads what a plugin prints by itself, line by line; `took` is called after each piece and may pause the stream. */
export function outputOf(
  child: ChildProcess,
  onLine: (line: string, stream: Stream) => void,
  took: (stream: Readable) => void,
): void {
  for (const [readable, stream] of [
    [child.stdout, 'STDOUT'],
    [child.stderr, 'STDERR'],
  ] as const) {
    if (!readable) continue;
    const lines = new LineSplitter((line) => onLine(line, stream));
    readable.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      took(readable);
    });
    readable.on('end', () => lines.end());
    readable.on('error', () => readable.destroy());
  }
}
