import { formatDuration } from '../../time/duration.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { Exact } from '../../time/exact.tsx';
import classes from './info-parts.module.css';
import type { JobOnPage } from './on-page.ts';
import { Section } from './section.tsx';

/** Each time a worker held the job, and what its programs used meanwhile. */
export function ExecutionsSection({ executions }: Pick<JobOnPage, 'executions'>) {
  if (executions.length === 0) return null;
  return (
    <Section title="Workers" note={executions.length}>
      <ol className={classes.list}>
        {executions.map((execution) => (
          <li key={execution.id} className={classes.block}>
            <span className={classes.main}>
              <span className="sb-mono">{execution.worker}</span>{' '}
              <span className="sb-mute">{execution.outcome ?? 'holds it'}</span>
            </span>
            <span className={classes.note}>
              <Exact at={execution.startedAt} /> ·{' '}
              <Elapsed of={{ ...execution, durationMs: null }} running={execution.completedAt === null} />
              {' · queue '}
              {execution.queue}
              {execution.peakMemoryBytes !== null && ` · ${megabytes(execution.peakMemoryBytes)}`}
              {execution.cpuMs !== null && ` · ${formatDuration(Number(execution.cpuMs))} CPU`}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

export function megabytes(bytes: string | number): string {
  return `${Math.round(Number(bytes) / 1_000_000).toLocaleString('en')} MB`;
}
