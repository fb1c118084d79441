import type { StepStatus } from '../app/graphql.ts';
import { STEP_LOOKS } from '../status/tone.ts';
import { serverNow, useClockText } from '../time/clock.ts';
import { formatDuration } from '../time/duration.ts';
import { Elapsed } from '../time/elapsed.tsx';
import classes from './bars.module.css';
import { barOf, rangeOf } from './range.ts';

export interface BarStep {
  key: string;
  name: string;
  status: StepStatus;
  startedAt: string | null;
  completedAt: string | null;
  durationMs: number | null;
}

interface Props {
  steps: readonly BarStep[];
  /** Whether lines for the time stand above and in the bars. */
  scale?: boolean;
}

/** When each step ran, one bar to a step, drawn against the time that all of them took together. */
export function Bars({ steps, scale = false }: Props) {
  const running = steps.some(({ status }) => status === 'RUNNING');
  // Redraws once a second while something runs.
  useClockText((now) => String(Math.floor(now / 1000)), !running);
  const now = serverNow();
  const range = rangeOf(steps, now);
  return (
    <div className={classes.root}>
      {scale && range && (
        <div className={classes.head} aria-hidden="true">
          <span>Where the time went</span>
          <div className={classes.ticks}>
            <span>0 s</span>
            {[0.25, 0.5, 0.75].map((share) => (
              <span key={share}>{formatDuration((range.to - range.from) * share)}</span>
            ))}
            <span>{running ? 'now' : formatDuration(range.to - range.from)}</span>
          </div>
        </div>
      )}
      <ul className={classes.list} data-framed={scale || undefined}>
        {steps.map((step) => {
          const bar = range && barOf(step, range, now);
          return (
            <li key={step.key} className={classes.row} data-idle={bar === undefined || undefined}>
              <span className={classes.name} title={step.name}>
                {step.name}
              </span>
              <span className={classes.track} aria-hidden="true">
                {bar && (
                  <span
                    className={classes.bar}
                    data-tone={STEP_LOOKS[step.status].tone}
                    style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
                  />
                )}
              </span>
              <span className={classes.time}>
                {step.status === 'SKIPPED' ? 'skipped' : <Elapsed of={step} running={step.status === 'RUNNING'} />}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
