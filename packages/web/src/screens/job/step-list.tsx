import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { rowNumbers } from '../../app/row-numbers.ts';
import { stepRows } from '../../timeline/step-rows.ts';
import { GroupSummary } from './group-summary.tsx';
import type { TimelineProps } from './panel-props.ts';
import classes from './step-list.module.css';
import { StepRow } from './step-row.tsx';

/** The steps one below the other, in order; the selected one is kept in sight. */
export function StepList({ job, steps, totalSteps, allSteps, selected, view, open, ...on }: TimelineProps) {
  const list = useMemo(() => stepRows(steps, open, selected), [steps, open, selected]);
  const names = useMemo(() => new Map(steps.map(({ key, name }) => [key, name])), [steps]);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => list[index]?.step.id ?? index,
    estimateSize: () => 39,
    overscan: 12,
    scrollPaddingStart: 60,
    scrollPaddingEnd: 60,
  });

  const show = useEffectEvent((key: string | undefined) => {
    const index = list.findIndex(({ step }) => step.key === key);
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  });
  const known = list.length > 0;
  useEffect(() => {
    if (known) show(selected);
  }, [selected, known]);

  return (
    <div ref={scroller} className={classes.scroller} onWheel={on.onLook} onTouchMove={on.onLook}>
      <ol className={classes.steps} style={{ height: known ? rows.getTotalSize() : undefined }}>
        {!known && totalSteps > 0 && <Loading rows={totalSteps} />}
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const row = list[index];
          if (!row) return null;
          const { step, parent, group } = row;
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={classes.place}
              style={{ transform: `translateY(${start}px)` }}
            >
              <StepRow
                step={step}
                names={names}
                above={list[index - 1]?.step.key}
                last={index === list.length - 1 && allSteps}
                item={parent !== undefined}
                current={job.progress.currentStep?.key === step.key}
                percent={percentOf(job.progress)}
                selected={step.key === selected}
                onSelect={() => on.onChange({ step: step.key })}
              />
              {group && <GroupSummary name={step.name} group={group} onToggle={() => on.onOpen(step.key)} />}
            </li>
          );
        })}
      </ol>
      {view.step !== undefined && allSteps && !names.has(view.step) && (
        <p className={classes.note}>The job has no step “{view.step}”.</p>
      )}
    </div>
  );
}

/** How far the current step is, taken from how far the job is. */
function percentOf(progress: { percent: number; completedSteps: number; totalSteps: number }): number {
  const { percent, completedSteps, totalSteps } = progress;
  return totalSteps === 0 ? 0 : percent * totalSteps - 100 * completedSteps;
}

function Loading({ rows }: { rows: number }) {
  return rowNumbers(Math.min(rows, 12)).map((row) => (
    <li key={row} className={classes.loading}>
      <Skeleton circle height={22} />
      <Skeleton height={10} width={`${35 + ((row * 19) % 40)}%`} />
    </li>
  ));
}
