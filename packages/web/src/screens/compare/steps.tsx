import { Link } from 'react-router';
import { formatKnownCost } from '../../app/money.ts';
import { StatusBadge } from '../../status/status-chip.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { serverNow } from '../../time/clock.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import classes from './compare.module.css';
import type { Compared, ComparedStep } from './documents.ts';
import { stepsByKey } from './rows.ts';

/** How long each step took in each job, with bars on one scale. */
export function Steps({ jobs, onlyDifferent }: { jobs: readonly Compared[]; onlyDifferent: boolean }) {
  const lists = jobs.map(({ steps }) => steps.edges.map(({ node }) => node));
  const rows = stepsByKey(lists).filter(
    ({ steps }) => !onlyDifferent || new Set(steps.map((step) => step?.status)).size > 1,
  );
  const longest = Math.max(1, ...lists.flat().map(lengthOf));
  const more = Math.max(0, ...jobs.map(({ steps }) => steps.totalCount - steps.edges.length));
  return (
    <tbody>
      <tr className={classes.section}>
        <th scope="rowgroup" colSpan={jobs.length + 1}>
          Steps
        </th>
      </tr>
      {rows.map(({ key, steps }) => (
        <tr key={key} data-differs={new Set(steps.map((step) => step?.status)).size > 1 || undefined}>
          <th scope="row" className="sb-mono">
            {key}
          </th>
          {steps.map((step, index) => (
            <td key={jobs[index]?.id}>
              {step ? <Step job={jobs[index]} step={step} longest={longest} /> : <span className="sb-faint">none</span>}
            </td>
          ))}
        </tr>
      ))}
      {more > 0 && (
        <tr>
          <td colSpan={jobs.length + 1} className="sb-mute">
            Only the first 100 steps of each job are compared.
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Step({ job, step, longest }: { job: Compared | undefined; step: ComparedStep; longest: number }) {
  const look = STEP_LOOKS[step.status];
  return (
    <Link className={classes.step} to={`/jobs/${job?.id}?step=${encodeURIComponent(step.key)}`}>
      <StatusBadge look={look} />
      <span className={classes.track} aria-hidden="true">
        {lengthOf(step) > 0 && <span data-tone={look.tone} style={{ width: `${(100 * lengthOf(step)) / longest}%` }} />}
      </span>
      <span className={classes.time}>
        <Elapsed of={step} running={step.status === 'RUNNING'} />
      </span>
      <span className={classes.cost}>{Number(step.cost.microUsd) > 0 && formatKnownCost(step.cost)}</span>
    </Link>
  );
}

function lengthOf({ startedAt, completedAt, durationMs }: ComparedStep): number {
  if (durationMs !== null) return durationMs;
  if (startedAt === null) return 0;
  return (completedAt === null ? serverNow() : Date.parse(completedAt)) - Date.parse(startedAt);
}
