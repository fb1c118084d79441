import type { KeyboardEvent, PointerEvent } from 'react';
import { type Column, fitting } from './columns.ts';
import classes from './head.module.css';

interface Props {
  column: Column;
  label: string;
  /** The width that somebody gave it; undefined for the one it has by itself. */
  width: number | undefined;
  onResize: (column: Column, width: number | undefined) => void;
}

const STEP = 8;
const LEAP = 40;

/** The right edge of a column: drag it, or focus it and use the arrow keys. Twice clicked, the column gets its own width back. */
export function Resizer({ column, label, width, onResize }: Props) {
  function widthNow(edge: Element): number {
    return width ?? edge.parentElement?.getBoundingClientRect().width ?? 0;
  }

  function drag(event: PointerEvent<HTMLSpanElement>): void {
    // Neither sorts the column nor moves it.
    event.preventDefault();
    const edge = event.currentTarget;
    const [from, start] = [event.clientX, widthNow(edge)];
    edge.setPointerCapture(event.pointerId);
    const follow = (move: globalThis.PointerEvent) => onResize(column, start + move.clientX - from);
    edge.addEventListener('pointermove', follow);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', follow), { once: true });
  }

  function press(event: KeyboardEvent<HTMLSpanElement>): void {
    const by = event.shiftKey ? LEAP : STEP;
    if (event.key === 'ArrowRight') onResize(column, widthNow(event.currentTarget) + by);
    else if (event.key === 'ArrowLeft') onResize(column, widthNow(event.currentTarget) - by);
    else if (event.key === 'Enter') onResize(column, undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <span
      className={classes.edge}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={width ?? 0}
      aria-valuemin={fitting(column, 0)}
      aria-valuemax={fitting(column, Number.MAX_SAFE_INTEGER)}
      aria-valuetext={width === undefined ? 'by itself' : `${width} pixels`}
      draggable={false}
      onPointerDown={drag}
      onKeyDown={press}
      onDoubleClick={() => onResize(column, undefined)}
    />
  );
}
