import { Skeleton, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { JobFilter } from '../../app/graphql.ts';
import { useOverPeriod } from '../../live/use-over-period.ts';
import { beginOf, endOf, SPANS, type SpanKey, writeMoment } from '../../time/period.ts';
import { type Brush, brushOf, drawn, edgeAt, nudged, overviewOf } from './brush.ts';
import { JobActivity } from './documents.ts';
import classes from './overview.module.css';
import { Bar, describeBucket } from './overview-bar.tsx';
import type { ListView } from './view.ts';

interface Props {
  view: ListView;
  /** What the list shows, apart from when the jobs were made. */
  filter: JobFilter;
  onChange: (part: Partial<ListView>) => void;
}

/** Jobs over time by status. Drawing over the bars, or moving the two edges by keyboard, narrows the list to that time. */
export function Overview({ view, filter, onChange }: Props) {
  const { period, data } = useOverPeriod(JobActivity, filter, (now) => overviewOf(view, view.over, now));
  const buckets = data?.jobActivity;
  const [pointed, setPointed] = useState<number>();
  const [drawing, setDrawing] = useState<{ from: number; to: number }>();

  const set = brushOf(
    period,
    view.from === undefined ? undefined : beginOf(view.from),
    view.to === undefined ? undefined : endOf(view.to),
  );
  const brush = drawing ? drawn(drawing.from, drawing.to) : set;
  const most = Math.max(1, ...(buckets?.map(({ total }) => total) ?? []));
  const total = buckets?.reduce((sum, bucket) => sum + bucket.total, 0) ?? 0;

  function choose(next: Brush | undefined): void {
    if (!next || (next.first === 0 && next.end === period.buckets)) {
      onChange({ from: undefined, to: undefined });
      return;
    }
    onChange({
      from: writeMoment(edgeAt(period, next.first)),
      to: next.end === period.buckets ? undefined : writeMoment(edgeAt(period, next.end)),
      span: undefined,
    });
  }

  function barAt(event: PointerEvent): number {
    const box = event.currentTarget.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * period.buckets);
    return Math.min(period.buckets - 1, Math.max(0, place));
  }

  function press(event: KeyboardEvent, edge: keyof Brush): void {
    const now = set ?? { first: 0, end: period.buckets };
    const leap = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: now[edge] - leap, ArrowRight: now[edge] + leap, Home: 0, End: period.buckets }[event.key];
    if (to !== undefined) choose(nudged(now, edge, to, period.buckets));
    // A time that covers all bars, or none of them, narrows the list although no bar is chosen.
    else if (event.key === 'Escape' && (view.from !== undefined || view.to !== undefined)) choose(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const said = pointed === undefined ? undefined : buckets?.[pointed];
  return (
    <section className={classes.panel} aria-label="Jobs over time">
      <div className={classes.caption}>
        <span className={classes.said}>
          {said
            ? describeBucket(said)
            : `Jobs made per ${period.each ?? 'part of the time chosen'}${buckets ? ` · ${total.toLocaleString('en')} in all` : ''}`}
        </span>
        <span className={classes.spans}>
          {SPANS.map(({ key, short, label }) => (
            <UnstyledButton
              key={key}
              className={classes.span}
              aria-label={`${short}: show the ${label.toLowerCase()}`}
              aria-pressed={period.each !== undefined && key === (view.span ?? view.over)}
              onClick={() => onChange(overChange(view, key))}
            >
              {short}
            </UnstyledButton>
          ))}
        </span>
      </div>
      <div
        className={classes.bars}
        data-brushed={brush !== undefined || undefined}
        style={{ gridTemplateColumns: `repeat(${period.buckets}, minmax(0, 1fr))` }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrawing({ from: barAt(event), to: barAt(event) });
        }}
        onPointerMove={(event) => {
          const place = barAt(event);
          setPointed(place);
          if (drawing && drawing.to !== place) setDrawing({ ...drawing, to: place });
        }}
        onPointerLeave={() => setPointed(undefined)}
        onPointerUp={() => {
          if (drawing) choose(drawn(drawing.from, drawing.to));
          setDrawing(undefined);
        }}
        onPointerCancel={() => setDrawing(undefined)}
      >
        {buckets ? (
          buckets.map((bucket, index) => (
            <Bar
              key={bucket.from}
              bucket={bucket}
              most={most}
              dimmed={brush !== undefined && (index < brush.first || index >= brush.end)}
              pointed={index === pointed}
            />
          ))
        ) : (
          <Skeleton className={classes.waiting} />
        )}
        {buckets &&
          (['first', 'end'] as const).map((edge) => {
            const place = brush?.[edge] ?? (edge === 'first' ? 0 : period.buckets);
            const bucket = buckets[edge === 'first' ? place : place - 1];
            return (
              <span
                key={edge}
                className={classes.edge}
                style={{ left: `${(100 * place) / period.buckets}%` }}
                role="slider"
                tabIndex={0}
                aria-label={edge === 'first' ? 'Jobs made from' : 'Jobs made until'}
                aria-valuemin={0}
                aria-valuemax={period.buckets}
                aria-valuenow={place}
                aria-valuetext={bucket ? describeBucket(bucket) : ''}
                data-set={brush !== undefined || undefined}
                onFocus={() => setPointed(edge === 'first' ? place : place - 1)}
                onBlur={() => setPointed(undefined)}
                onKeyDown={(event) => press(event, edge)}
              />
            );
          })}
      </div>
    </section>
  );
}

/** A list that is narrowed to a span goes along with what the overview shows; one that is not stays as it is. */
function overChange(view: ListView, over: SpanKey): Partial<ListView> {
  return view.span === undefined ? { over, from: undefined, to: undefined } : { over, span: over };
}
