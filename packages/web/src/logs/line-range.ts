import type { LineRange } from './download.ts';

/** `1204` or `1204-1210`, as in an address; undefined for anything else. */
export function readRange(text: string | undefined): LineRange | undefined {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const [one, other] = [Number(match[1]), Number(match[2] ?? match[1])];
  return one === 0 ? undefined : { from: Math.min(one, other), to: Math.max(one, other) };
}

export function writeRange({ from, to }: LineRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** The range after a click on a line; with Shift it goes on from where it began. */
export function pickLine(now: LineRange | undefined, seq: number, extend: boolean): LineRange | undefined {
  if (!extend || !now) return now?.from === seq && now.to === seq ? undefined : { from: seq, to: seq };
  return seq < now.from ? { from: seq, to: now.to } : { from: now.from, to: seq };
}
