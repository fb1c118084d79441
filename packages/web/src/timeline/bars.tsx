import type { StepStatus } from '../app/graphql.ts';
import { STEP_LOOKS } from '../status/tone.ts';
import { serverNow, useClockText } from '../time/clock.ts';
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
}

/** When each step ran, one bar to a step, drawn against the time that all of them took together. */
export function Bars({ steps }: Props) {
  const running = steps.some(({ status }) => status === 'RUNNING');
  // Redraws once a second while something runs.
  useClockText((now) => String(Math.floor(now / 1000)), !running);
  const now = serverNow();
  const range = rangeOf(steps, now);
  return (
    <ul className={classes.list}>
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
  );
}
