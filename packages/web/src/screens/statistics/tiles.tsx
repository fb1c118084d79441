import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { sumOf, useJobCounts } from '../../app/counts.ts';
import type { JobFilter } from '../../app/graphql.ts';
import { formatCost, formatKnownCost, missingCost } from '../../app/money.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Period, SpanKey } from '../../time/period.ts';
import type { Figures } from './documents.ts';
import { endedOf, formatRate, formatRatio, perDay } from './figures.ts';
import classes from './screen.module.css';

interface Props {
  figures: Figures | undefined;
  period: Period;
  span: SpanKey;
  filter: JobFilter;
  /** The list of the jobs behind a figure. */
  listOf: (status?: string) => string;
}

const duration = (ms: number | null) => (ms === null ? '–' : formatDuration(ms));

/** The figures of the whole period, each with a way to the jobs behind it. */
export function Tiles({ figures, period, span, filter, listOf }: Props) {
  const counts = useJobCounts(filter);
  const queued = sumOf(counts, ['QUEUED']);
  const running = sumOf(counts, ['RUNNING']);
  const known = figures ?? undefined;
  return (
    <dl className={classes.tiles}>
      <Tile label="Jobs per hour" value={known && formatRatio(known.jobsPerHour)}>
        {known && <Link to={listOf()}>{endedOf(known).toLocaleString('en')} ended</Link>}
      </Tile>
      <Tile label="Success rate" value={known && formatRate(known.successRate)}>
        {known && (
          <Link to={listOf('failed')} data-bad={known.failed > 0 || undefined}>
            {known.failed.toLocaleString('en')} failed
          </Link>
        )}
      </Tile>
      <Tile label="Time to run" value={known && duration(known.medianRunMs)}>
        {known && `average ${duration(known.averageRunMs)}, p95 ${duration(known.p95RunMs)}`}
      </Tile>
      <Tile label="Time in the queue" value={known && duration(known.medianQueueMs)}>
        {known && `average ${duration(known.averageQueueMs)}, p95 ${duration(known.p95QueueMs)}`}
      </Tile>
      <Tile label="Queue now" value={queued?.toLocaleString('en')}>
        {running !== undefined && <Link to="/workers">{running.toLocaleString('en')} running</Link>}
      </Tile>
      <Tile label="Cost" value={known && formatKnownCost(known.cost)} title={known && missingCost(known.cost)}>
        {known &&
          (Number(known.cost.microUsd) > 0
            ? `${formatCost(perDay(known.cost.microUsd, period))} a day${span === '1h' ? ' at this rate' : ''}`
            : 'no model was paid')}
      </Tile>
    </dl>
  );
}

interface TileProps {
  label: string;
  value: string | undefined;
  title?: string | undefined;
  children: ReactNode;
}

function Tile({ label, value, title, children }: TileProps) {
  return (
    <div className={classes.tile} title={title}>
      <dt>{label}</dt>
      <dd className={classes.value}>{value ?? '\u2007'}</dd>
      <dd className={classes.sub}>{children || '\u2007'}</dd>
    </div>
  );
}
