import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { StatusBadge } from '../../status/status-chip.tsx';
import { STEP_LOOKS } from '../../status/tone.ts';
import { formatDuration } from '../../time/duration.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import classes from '../../timeline/gantt.module.css';
import { canFold, type StepRowOf } from '../../timeline/step-rows.ts';
import { PART_WORDS, TimeBar } from '../../timeline/time-bar.tsx';
import { type TimePart, timeByKind } from '../../timeline/time-parts.ts';
import type { TimeWindow } from '../../timeline/time-window.ts';
import type { StepOnPage } from './on-page.ts';

interface Props {
  row: StepRowOf<StepOnPage>;
  /** Pixels from the first row. */
  start: number;
  parts: readonly TimePart[];
  shown: TimeWindow;
  selected: boolean;
  onSelect: () => void;
  /** The bar was clicked, or dragged over. */
  onTrack: () => void;
  onToggle: () => void;
}

/** One step against time. */
export function GanttRow({ row: { step, parent, group }, start, parts, shown, selected, ...on }: Props) {
  return (
    <li
      className={classes.row}
      data-selected={selected || undefined}
      data-status={step.status}
      data-item={parent !== undefined || undefined}
      style={{ transform: `translateY(${start}px)` }}
    >
      <span className={classes.name}>
        <UnstyledButton
          className={classes.choose}
          aria-current={selected ? 'step' : undefined}
          title={step.name}
          onClick={on.onSelect}
        >
          <StatusBadge look={STEP_LOOKS[step.status]} />
          <span className={classes.label}>{step.name}</span>
          <span className="sb-hidden">{wordsOf(parts)}</span>
        </UnstyledButton>
        {group && canFold(group) && (
          <UnstyledButton
            className={classes.fold}
            aria-expanded={group.open}
            aria-label={`${group.open ? 'Fold' : 'Show all'} ${group.size} items of ${step.name}`}
            onClick={on.onToggle}
          >
            {group.size.toLocaleString('en')} <IconChevronRight size={12} data-open={group.open || undefined} />
          </UnstyledButton>
        )}
      </span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the name is the button, this is a larger target for the mouse */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <span className={classes.track} onClick={on.onTrack}>
        <TimeBar parts={parts} shown={shown} />
      </span>
      <span className={classes.time}>{lengthOf(step)}</span>
    </li>
  );
}

function lengthOf(step: StepOnPage) {
  if (step.status === 'SKIPPED') return 'skipped';
  if (step.reused) return 'reused';
  return <Elapsed of={step} running={step.status === 'RUNNING'} />;
}

/** What the bar shows, for who cannot see it. */
function wordsOf(parts: readonly TimePart[]): string {
  return [...timeByKind(parts)].map(([kind, ms]) => `${formatDuration(ms)} ${PART_WORDS[kind]}`).join(', ');
}
