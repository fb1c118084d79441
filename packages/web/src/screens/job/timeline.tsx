import { Button, Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef } from 'react';
import { rowNumbers } from '../../app/row-numbers.ts';
import { Bars } from '../../timeline/bars.tsx';
import { FailureAlert } from './failure-alert.tsx';
import type { PanelProps } from './panels.tsx';
import { StepRow } from './step-row.tsx';
import classes from './timeline.module.css';
import { WaitNotice } from './wait-notice.tsx';

/** As many bars are drawn at most: more say nothing in one picture. */
const BARS = 24;

/** The steps one below the other, in order; the selected one is kept in sight. */
export function Timeline({ job, steps, totalSteps, loadMoreSteps, selected, view, onChange }: PanelProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => steps[index]?.id ?? index,
    estimateSize: () => 39,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    scrollPaddingStart: 60,
    scrollPaddingEnd: 60,
  });
  const visible = rows.getVirtualItems();
  const names = new Map(steps.map(({ key, name }) => [key, name]));

  const show = useEffectEvent((key: string | undefined) => {
    const index = steps.findIndex((step) => step.key === key);
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  });
  const known = steps.length > 0;
  useEffect(() => {
    if (known) show(selected);
  }, [selected, known]);

  const askForMore = useEffectEvent((last: number, loaded: number) => {
    if (last >= loaded - 20) loadMoreSteps?.();
  });
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => askForMore(last, steps.length), [last, steps.length]);

  const drawn = steps.filter(({ startedAt }) => startedAt !== null).slice(-BARS);
  return (
    <div ref={scroller} className={classes.scroller}>
      <FailureAlert job={job} onShow={(step) => onChange({ step, tab: 'log' })} />
      <WaitNotice job={job} steps={steps} onShow={(step) => onChange({ step, panel: 'step' })} />
      <ol ref={list} className={classes.steps} style={{ height: known ? rows.getTotalSize() : undefined }}>
        {!known && totalSteps > 0 && <Loading rows={totalSteps} />}
        {visible.map(({ index, key, start }) => {
          const step = steps[index];
          if (!step) return null;
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={classes.place}
              style={{ transform: `translateY(${start - rows.options.scrollMargin}px)` }}
            >
              <StepRow
                step={step}
                names={names}
                above={steps[index - 1]?.key}
                last={index === totalSteps - 1}
                current={job.progress.currentStep?.key === step.key}
                percent={percentOf(job.progress)}
                selected={step.key === selected}
                onSelect={() => onChange({ step: step.key })}
              />
            </li>
          );
        })}
      </ol>
      {loadMoreSteps && (
        <div className={classes.more}>
          <Button onClick={loadMoreSteps}>
            {steps.length} of {totalSteps} steps, show more
          </Button>
        </div>
      )}
      {drawn.length > 1 && (
        <div className={classes.bars}>
          <Bars steps={drawn} scale />
          {drawn.length === BARS && <p className={classes.note}>The last {BARS} steps that began.</p>}
        </div>
      )}
      {view.step !== undefined && known && !names.has(view.step) && !loadMoreSteps && (
        <p className={classes.note}>The job has no step “{view.step}”.</p>
      )}
    </div>
  );
}

/** How far the current step is, taken from how far the job is. */
function percentOf({
  percent,
  completedSteps,
  totalSteps,
}: {
  percent: number;
  completedSteps: number;
  totalSteps: number;
}): number {
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
