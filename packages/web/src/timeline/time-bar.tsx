import { memo } from 'react';
import { formatDuration } from '../time/duration.ts';
import classes from './time-bar.module.css';
import type { PartKind, TimePart } from './time-parts.ts';
import { percentAt, type TimeWindow } from './time-window.ts';

export const PART_WORDS: Record<PartKind, string> = {
  queue: 'in the queue',
  wait: 'waiting',
  retry: 'until the next try',
  run: 'running',
};

/** The parts of one step's time, each in its place within the window. */
export const TimeBar = memo(function TimeBar({ parts, shown }: { parts: readonly TimePart[]; shown: TimeWindow }) {
  return parts.map((part) => {
    if (part.to < shown.from || part.from > shown.to) return null;
    // What lies far outside is cut: browsers draw boxes of millions of pixels wrongly.
    const left = Math.max(-1, percentAt(part.from, shown));
    const right = Math.min(101, percentAt(part.to, shown));
    const tries = part.attempt === undefined ? '' : `attempt ${part.attempt} `;
    return (
      <span
        key={`${part.kind} ${part.from}`}
        className={classes.part}
        data-kind={part.kind}
        data-tone={part.tone}
        style={{ left: `${left}%`, width: `${right - left}%` }}
        title={`${tries}${PART_WORDS[part.kind]} ${formatDuration(part.to - part.from)}`}
      />
    );
  });
});
