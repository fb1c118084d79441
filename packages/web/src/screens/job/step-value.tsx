import type { Json } from '../../app/graphql.ts';
import { CopyButton } from '../../ids/copy-button.tsx';
import { JsonView } from '../../json/json-view.tsx';
import { isFinal } from '../../status/tone.ts';
import type { StepInPanel } from './panel-props.ts';
import classes from './step-value.module.css';

interface Props {
  name: 'input' | 'output';
  value: Json;
  step: Pick<StepInPanel, 'status' | 'error'>;
}

/** What went into a step or came out of it. */
export function StepValue({ name, value, step }: Props) {
  return (
    <div className={classes.root}>
      {name === 'output' && step.error && <p className={classes.error}>{step.error.message}</p>}
      {value === null ? (
        <p className="sb-mute">{absent(name, step)}</p>
      ) : (
        <>
          <CopyButton className={classes.copy} value={JSON.stringify(value, null, 2)} label={`Copy the ${name}`} />
          <JsonView value={value} openTo={3} />
        </>
      )}
    </div>
  );
}

function absent(name: Props['name'], { status, error }: Props['step']): string {
  if (status === 'PENDING')
    return name === 'input' ? 'The input is made when the step begins.' : 'The step has not begun.';
  if (status === 'SKIPPED') return 'The step was skipped.';
  if (name === 'input') return 'The step has no input.';
  if (!isFinal(status)) return 'The output appears when the step ends.';
  return error ? 'There is no output: the step failed.' : 'The step has no output.';
}
