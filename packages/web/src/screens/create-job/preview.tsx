import { Fragment } from 'react';
import { formatDuration } from '../../time/duration.ts';
import classes from './preview.module.css';

interface Props {
  workflow: {
    version: number;
    description: string | null;
    usualDurationMs: number | null;
    successRate: number | null;
    steps: readonly { key: string; name: string; type: string }[];
  };
}

const MOST_STEPS = 12;

/** What will happen: the steps, how long they usually take, and how it usually ends. */
export function Preview({ workflow: { version, description, usualDurationMs, successRate, steps } }: Props) {
  const facts = [
    `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`,
    usualDurationMs === null ? 'it has never completed yet' : `usually ${formatDuration(usualDurationMs)}`,
    successRate !== null && `${Math.round(successRate * 100)} % of its jobs succeed`,
    `version ${version}`,
  ].filter((fact) => fact !== false);
  return (
    <div className={classes.root}>
      {description !== null && <p className={classes.about}>{description}</p>}
      <p className={classes.facts}>{facts.join(' · ')}</p>
      <p className={classes.steps}>
        <span className="sb-hidden">Steps: </span>
        {steps.slice(0, MOST_STEPS).map(({ key, name, type }, index) => (
          <Fragment key={key}>
            {index > 0 && (
              <span className={classes.then} aria-hidden="true">
                →
              </span>
            )}
            <span className={classes.step} title={`${key}: ${type}`}>
              {name}
            </span>
          </Fragment>
        ))}
        {steps.length > MOST_STEPS && <span className={classes.more}>and {steps.length - MOST_STEPS} more</span>}
      </p>
    </div>
  );
}
