import { memo } from 'react';
import type { JobStatus } from '../../app/graphql.ts';
import { JOB_LOOKS } from '../../status/tone.ts';
import type { ActivityBucket } from './documents.ts';
import classes from './overview.module.css';

/** From the bottom up: what went well is the ground, what failed and what runs stand out on top. */
const STACK: readonly JobStatus[] = [
  'COMPLETED',
  'CANCELLED',
  'CREATED',
  'QUEUED',
  'PAUSED',
  'WAITING',
  'FAILED',
  'RUNNING',
];

/** Percent of the height that the highest bar takes: the rest is for the gaps between its parts. */
const FILLED = 90;

interface Props {
  bucket: ActivityBucket;
  /** How many jobs the highest bar has. */
  most: number;
  dimmed: boolean;
  pointed: boolean;
}

/** One bar of the overview. It says nothing to a screen reader: the edges around the bars do. */
export const Bar = memo(function Bar({ bucket, most, dimmed, pointed }: Props) {
  return (
    <span className={classes.bar} data-dimmed={dimmed || undefined} data-pointed={pointed || undefined}>
      {STACK.map((status) => {
        const count = countOf(bucket, status);
        if (count === 0) return null;
        return (
          <span
            key={status}
            data-tone={JOB_LOOKS[status].tone}
            style={{ height: `max(2px, ${((FILLED * count) / most).toFixed(2)}%)` }}
          />
        );
      })}
    </span>
  );
});

function countOf(bucket: ActivityBucket, status: JobStatus): number {
  return bucket.counts.find((other) => other.status === status)?.count ?? 0;
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** A bar in words: `10:31 to 10:32: 12 jobs, 10 completed, 2 failed`. */
export function describeBucket(bucket: ActivityBucket): string {
  const [from, to] = [Date.parse(bucket.from), Date.parse(bucket.to)];
  const long = to - from > 3_600_000 || Date.now() - from > 86_400_000;
  const parts = [...STACK]
    .map((status) => ({ word: JOB_LOOKS[status].word.toLowerCase(), count: countOf(bucket, status) }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count.toLocaleString('en')} ${word}`);
  const jobs = bucket.total === 1 ? '1 job' : `${bucket.total === 0 ? 'no' : bucket.total.toLocaleString('en')} jobs`;
  return `${(long ? dayTime : time).format(from)} to ${time.format(to)}: ${[jobs, ...parts].join(', ')}`;
}
