import { setTimeout as pause } from 'node:timers/promises';
import { wallClockMs } from '../measure/wall-clock.ts';

/** Lines that come within one of these are stored and told together. */
const TICK_MS = 10;

export interface Production {
  /** The number of the first one. */
  from: number;
  lines: number;
  perSecond: number;
  /** Characters that each line is longer by than lines are; none unless told. */
  longer?: number;
}

/** A line that says when it was made, about as long as lines are. */
export function lineText(number: number): string {
  return `${wallClockMs().toFixed(2)} line ${number} of a program that says what it does`;
}

/** Makes lines at a steady pace. What is late because storing took its time is made up for in the next tick. */
export async function produce(
  { from, lines, longer = 0, perSecond }: Production,
  store: (texts: string[], first: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  for (let made = 0; made < lines; ) {
    const due = Math.min(lines, Math.floor(((performance.now() - began) / 1_000) * perSecond));
    const first = from + made;
    const texts: string[] = [];
    for (; made < due; made += 1) texts.push(lineText(from + made) + '.'.repeat(longer));
    if (texts.length > 0) await store(texts, first);
    await pause(TICK_MS);
  }
}
