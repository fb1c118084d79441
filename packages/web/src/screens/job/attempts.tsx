import { JsonView } from '../../json/json-view.tsx';
import { StatusBadge } from '../../status/status-chip.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { Exact } from '../../time/exact.tsx';
import classes from './attempts.module.css';
import type { StepInPanel } from './step-panel.tsx';

/** Every try of a step, the latest first. */
export function Attempts({ attempts }: { attempts: StepInPanel['attempts'] }) {
  if (attempts.length === 0) return <p className={classes.none}>The step has not been tried yet.</p>;
  return (
    <ol className={classes.list}>
      {attempts.toReversed().map((attempt) => (
        <li key={attempt.number} className={classes.attempt}>
          <div className={classes.head}>
            <StatusBadge look={STEP_LOOKS[attempt.status]} />
            <strong>Attempt {attempt.number}</strong>
            <Exact at={attempt.startedAt} />
            <span className={classes.time}>
              <Elapsed of={attempt} running={attempt.status === 'RUNNING'} />
            </span>
          </div>
          {attempt.error && (
            <p className={classes.error}>
              {attempt.error.message}{' '}
              <span className={classes.category}>{attempt.error.category.toLowerCase().replaceAll('_', ' ')}</span>
            </p>
          )}
          {attempt.output !== null && (
            <details className={classes.more}>
              <summary>Output</summary>
              <JsonView value={attempt.output} />
            </details>
          )}
          {attempt.input !== null && (
            <details className={classes.more}>
              <summary>Input</summary>
              <JsonView value={attempt.input} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
