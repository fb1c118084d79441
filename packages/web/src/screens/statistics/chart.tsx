import { type ReactNode, useState } from 'react';
import type { Tone } from '../../status/tone.ts';
import classes from './chart.module.css';
import { roundUp } from './figures.ts';

export interface Series {
  label: string;
  /** Undefined for what is no status: then it is grey, and a second one paler. */
  tone?: Tone;
  /** One for each part of the period; null where there is nothing to tell. */
  values: readonly (number | null)[];
}

interface Props {
  title: string;
  /** What is being told, behind the title. */
  note?: ReactNode;
  kind: 'bars' | 'lines';
  series: readonly Series[];
  /** When the parts begin. */
  times: readonly string[];
  format: (value: number) => string;
}

const HEIGHT = 100;

/**
 * Values over time, as bars on top of each other or as lines. Drawn for eyes: the figures stand in the table of the
 * page as well, which is what a screen reader gets.
 */
export function Chart({ title, note, kind, series, times, format }: Props) {
  const [pointed, setPointed] = useState<number>();
  const count = times.length;
  const heights = times.map((_, index) => {
    const values = series.map(({ values }) => values[index] ?? 0);
    return kind === 'bars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  const top = roundUp(Math.max(0, ...heights));
  const y = (value: number) => HEIGHT - (HEIGHT * value) / top;

  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <h2>{title}</h2>
        <span className={classes.note}>
          {pointed === undefined ? (
            note
          ) : (
            <Said series={series} time={times[pointed]} index={pointed} format={format} />
          )}
        </span>
      </figcaption>
      <div
        className={classes.plot}
        aria-hidden="true"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const index = Math.floor(((event.clientX - box.left) / box.width) * count);
          setPointed(Math.min(count - 1, Math.max(0, index)));
        }}
        onPointerLeave={() => setPointed(undefined)}
      >
        {heights.some((height) => height > 0) && <span className={classes.top}>{format(top)}</span>}
        <svg className={classes.svg} viewBox={`0 0 ${count} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {pointed !== undefined && <rect className={classes.pointed} x={pointed} y={0} width={1} height={HEIGHT} />}
          {kind === 'bars' ? <Bars series={series} y={y} /> : <Lines series={series} y={y} />}
        </svg>
      </div>
      <div className={classes.times} aria-hidden="true">
        {[0, Math.floor(count / 2), count - 1].map((index) => (
          <span key={index}>{formatTime(times[index], withinADay(times))}</span>
        ))}
      </div>
    </figure>
  );
}

function Bars({ series, y }: { series: readonly Series[]; y: (value: number) => number }) {
  const below: number[] = [];
  return series.map(({ label, tone, values }) => {
    let path = '';
    for (const [index, value] of values.entries()) {
      const from = below[index] ?? 0;
      below[index] = from + (value ?? 0);
      if (value) path += `M${index + 0.1} ${y(from)}V${y(from + value)}H${index + 0.9}V${y(from)}Z`;
    }
    return <path key={label} data-tone={tone} d={path} />;
  });
}

function Lines({ series, y }: { series: readonly Series[]; y: (value: number) => number }) {
  return series.map(({ label, tone, values }, order) => (
    <g key={label} data-tone={tone} data-order={order}>
      <path d={pathOf(values, y)} vectorEffect="non-scaling-stroke" />
    </g>
  ));
}

/** A line through the middles of the parts, broken where there is nothing; a value alone is a short dash. */
function pathOf(values: readonly (number | null)[], y: (value: number) => number): string {
  let path = '';
  let last = -2;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const lonely = last !== index - 1 && (values[index + 1] ?? null) === null;
    if (lonely) path += `M${index + 0.2} ${y(value)}H${index + 0.8}`;
    else path += `${last === index - 1 ? 'L' : 'M'}${index + 0.5} ${y(value)}`;
    last = index;
  }
  return path;
}

interface SaidProps {
  series: readonly Series[];
  time: string | undefined;
  index: number;
  format: (value: number) => string;
}

function Said({ series, time, index, format }: SaidProps) {
  const parts = series.map(({ label, values }) => {
    const value = values[index] ?? null;
    return `${label} ${value === null ? '–' : format(value)}`;
  });
  return `${formatTime(time)}: ${parts.join(', ')}`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const words = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function formatTime(at: string | undefined, short = false): string {
  return at === undefined ? '' : (short ? clock : words).format(Date.parse(at));
}

function withinADay(times: readonly string[]): boolean {
  return Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '') <= 86_400_000;
}
