import { ActionIcon } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowsHorizontal, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { isFinal, JOB_LOOKS } from '../../status/tone.ts';
import { serverNow, useClockText } from '../../time/clock.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import classes from '../../timeline/gantt.module.css';
import { GanttAxis } from '../../timeline/gantt-axis.tsx';
import { readyTimes } from '../../timeline/ready.ts';
import { stepRows } from '../../timeline/step-rows.ts';
import { PART_WORDS, TimeBar } from '../../timeline/time-bar.tsx';
import { partsOf, partsOfJob } from '../../timeline/time-parts.ts';
import { useDragPan } from '../../timeline/use-drag-pan.ts';
import { useTimeWindow } from '../../timeline/use-time-window.ts';
import { GanttRow } from './gantt-row.tsx';
import type { TimelineProps } from './panel-props.ts';
import { useTries } from './use-tries.ts';

const ROW_HEIGHT = 30;

/** When each step ran and what held it up, against time. */
export default function Gantt({ job, steps, selected, open, ...on }: TimelineProps) {
  const live = !isFinal(job.status);
  useClockText((time) => String(Math.floor(time / 1000)), !live);
  const now = job.completedAt === null ? serverNow() : Date.parse(job.completedAt);
  const tries = useTries(job.id, steps);
  const list = useMemo(() => stepRows(steps, open, selected), [steps, open, selected]);
  const ready = useMemo(() => readyTimes(steps, job), [steps, job]);

  const whole = wholeOf(job, tries, now);
  const window = useTimeWindow(whole);
  const drag = useDragPan(window);
  const { ref: track, width } = useElementSize();

  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => list[index]?.step.id ?? index,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
    scrollPaddingStart: 70,
    scrollPaddingEnd: 40,
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
    <div className={classes.root} ref={window.surface}>
      <div className={classes.head}>
        <span className={classes.tools}>
          <ActionIcon aria-label="Zoom in" onClick={window.closer}>
            <IconZoomIn size={15} />
          </ActionIcon>
          <ActionIcon aria-label="Zoom out" disabled={!window.zoomed} onClick={window.wider}>
            <IconZoomOut size={15} />
          </ActionIcon>
          <ActionIcon aria-label="Show all of the time" disabled={!window.zoomed} onClick={window.fit}>
            <IconArrowsHorizontal size={15} />
          </ActionIcon>
        </span>
        <div className={classes.track} ref={track}>
          <GanttAxis shown={window.shown} since={whole.from} width={width} />
        </div>
        <span className={classes.time} />
      </div>
      <div
        ref={scroller}
        className={classes.scroller}
        role="group"
        aria-label="When the steps ran. Plus and minus zoom, the arrows left and right move."
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        data-panning={drag.panning || undefined}
        onWheel={(event) => !event.ctrlKey && !event.shiftKey && on.onLook()}
        onTouchMove={on.onLook}
        onKeyDown={(event) => {
          const act = { '+': window.closer, '=': window.closer, '-': window.wider, '0': window.fit }[event.key];
          const move = { ArrowLeft: -0.15, ArrowRight: 0.15 }[event.key];
          if (act) act();
          else if (move) window.move(move);
          else return;
          event.preventDefault();
        }}
        {...drag.handlers}
      >
        <div className={classes.row} data-job>
          <span className={classes.name}>
            <span className={classes.label}>The job</span>
          </span>
          <span className={classes.track}>
            <TimeBar parts={partsOfJob(job, job.executions, JOB_LOOKS[job.status].tone, now)} shown={window.shown} />
          </span>
          <span className={classes.time}>
            <Elapsed of={job} running={job.status === 'RUNNING'} />
          </span>
        </div>
        <ol className={classes.rows} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, key, start }) => {
            const row = list[index];
            if (!row) return null;
            return (
              <GanttRow
                key={key}
                row={row}
                start={start}
                parts={partsOf(row.step, tries.get(row.step.id) ?? [], job.executions, ready.get(row.step.key), now)}
                shown={window.shown}
                selected={row.step.key === selected}
                onSelect={() => on.onChange({ step: row.step.key })}
                onTrack={() => !drag.moved() && on.onChange({ step: row.step.key })}
                onToggle={() => on.onOpen(row.step.key)}
              />
            );
          })}
        </ol>
      </div>
      <ul className={classes.legend} aria-label="What the bars mean">
        {(['queue', 'wait', 'retry', 'run'] as const).map((kind) => (
          <li key={kind}>
            <span className={classes.sample} aria-hidden="true">
              <TimeBar parts={[{ kind, from: 0, to: 1, tone: 'running', attempt: undefined }]} shown={UNIT} />
            </span>
            {PART_WORDS[kind]}
          </li>
        ))}
      </ul>
    </div>
  );
}

const UNIT = { from: 0, to: 1 };

/** From the moment the job was queued to its end, or a little past now. */
function wholeOf(
  job: TimelineProps['job'],
  tries: ReturnType<typeof useTries>,
  now: number,
): { from: number; to: number } {
  let from = Date.parse(job.startedAt ?? job.queuedAt ?? job.createdAt);
  if (job.queuedAt !== null) from = Math.min(from, Date.parse(job.queuedAt));
  // A job that was retried keeps the tries it had before.
  for (const attempts of tries.values()) {
    const first = attempts[0];
    if (first) from = Math.min(from, Date.parse(first.startedAt));
  }
  const length = Math.max(50, now - from);
  return { from, to: from + length * 1.02 };
}
