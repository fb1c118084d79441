import { UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { ProgressBar } from '../../status/progress-bar.tsx';
import { StatusBadge } from '../../status/status-chip.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import type { StepOnPage } from './on-page.ts';
import classes from './step-row.module.css';
import { waitWords } from './waits.ts';

/** Longer messages begin folded. */
const SHORT_ERROR = 160;

interface Props {
  step: StepOnPage;
  /** Names of steps by their keys. */
  names: ReadonlyMap<string, string>;
  /** The key of the step above; undefined for the first one. */
  above: string | undefined;
  last: boolean;
  /** Whether it runs an item of the step above. */
  item: boolean;
  /** Whether it is the one that the job is at, and how far that is. */
  current: boolean;
  percent: number;
  selected: boolean;
  onSelect: () => void;
}

/** One step: what it is, how it does, and why. */
export function StepRow({ step, names, above, last, item, current, percent, selected, onSelect }: Props) {
  const running = step.status === 'RUNNING';
  const timed = step.status !== 'SKIPPED' && step.status !== 'PENDING';
  return (
    <div
      className={classes.row}
      data-selected={selected || undefined}
      data-status={step.status}
      data-item={item || undefined}
    >
      <span
        className={classes.rail}
        data-first={above === undefined || undefined}
        data-last={last || undefined}
        aria-hidden="true"
      />
      <UnstyledButton className={classes.button} aria-current={selected ? 'step' : undefined} onClick={onSelect}>
        <StatusBadge look={STEP_LOOKS[step.status]} />
        <span className={classes.main}>
          <span className={classes.title}>
            <span className={classes.name}>{step.name}</span>{' '}
            <span className={classes.note}>{noteOf(step, names, above, item)}</span>
          </span>
          {running && current && percent > 0 && (
            <span className={classes.progress}>
              <ProgressBar percent={percent} tone="running" label={`Progress of ${step.name}`} />
            </span>
          )}
        </span>
        <span className={classes.time}>{timed && <Elapsed of={step} running={running} />}</span>
      </UnstyledButton>
      {step.error && <StepError message={step.error.message} category={step.error.category} />}
    </div>
  );
}

/** What a step is, and where it stands when that needs words. */
function noteOf(
  step: StepOnPage,
  names: ReadonlyMap<string, string>,
  above: string | undefined,
  item: boolean,
): string {
  const uses = step.uses === null || step.uses === step.type ? undefined : step.uses;
  const parts = [item ? undefined : step.type, uses].filter((part) => part !== undefined);
  if (step.reused) parts.push('taken over, did not run here');
  if (step.status === 'SKIPPED') parts.push(`skipped: ${step.skippedBecause ?? 'its condition did not hold'}`);
  else if (step.attemptNumber > 1) parts.push(`attempt ${step.attemptNumber}`);
  const wait = waitWords(step);
  if (wait !== undefined) parts.push(wait);
  // That a step needs the one above it is what one expects.
  if (!item && step.status === 'PENDING' && step.needs.some((key) => key !== above)) {
    const needed = step.needs.slice(0, 3).map((key) => names.get(key) ?? key);
    if (step.needs.length > needed.length) needed.push(`${step.needs.length - needed.length} more`);
    parts.push(`needs ${needed.join(', ')}`);
  }
  return parts.join(' · ');
}

function StepError({ message, category }: { message: string; category: string }) {
  const long = message.length > SHORT_ERROR || message.includes('\n');
  const [open, setOpen] = useState(!long);
  return (
    <div className={classes.error}>
      <p data-open={open || undefined}>{message}</p>
      <span className={classes.category}>{category.toLowerCase().replaceAll('_', ' ')}</span>
      {long && (
        <UnstyledButton className={classes.unfold} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'less' : 'more'} <IconChevronDown size={12} data-open={open || undefined} />
        </UnstyledButton>
      )}
    </div>
  );
}
