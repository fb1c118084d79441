import type { LogLine } from '../src/logs/line.ts';

export function line(seq: number): LogLine {
  return {
    cursor: `c${seq}`,
    seq,
    at: '2026-11-21T10:30:00Z',
    level: 'INFO',
    stream: 'STDOUT',
    message: `line ${seq}`,
    stepKey: 'a',
    attempt: 1,
  };
}
