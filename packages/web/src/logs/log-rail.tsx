import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import classes from './log-rail.module.css';

interface Props {
  /** The id of what it scrolls. */
  controls: string;
  /** The numbers of the first and the last line of the whole log. */
  firstSeq: number;
  lastSeq: number;
  /** The numbers of the first and the last line on the screen. */
  top: number;
  bottom: number;
  /** Lines that are worth a mark. */
  marks: readonly number[];
  onJump: (seq: number) => void;
}

/** A scrollbar over the whole log, by the numbers of its lines: most of them are not here. */
export function LogRail({ controls, firstSeq, lastSeq, top, bottom, marks, onJump }: Props) {
  const rail = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number>();
  const length = Math.max(1, lastSeq - firstSeq);
  const share = (seq: number) => Math.min(1, Math.max(0, (seq - firstSeq) / length));
  const at = dragged ?? top;

  function seqAt({ clientY }: PointerEvent): number {
    const box = rail.current?.getBoundingClientRect();
    if (!box) return top;
    const where = Math.min(1, Math.max(0, (clientY - box.top) / box.height));
    return Math.round(firstSeq + where * length);
  }
  function onKeyDown(event: KeyboardEvent) {
    const screen = Math.max(1, bottom - top);
    const far = Math.ceil(length / 20);
    const to = {
      ArrowUp: top - screen,
      ArrowDown: bottom + screen,
      PageUp: top - far,
      PageDown: bottom + far,
      Home: firstSeq,
      End: lastSeq,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onJump(Math.min(lastSeq, Math.max(firstSeq, to)));
  }

  return (
    <div
      ref={rail}
      className={classes.rail}
      role="scrollbar"
      tabIndex={0}
      aria-label="Place in the whole log"
      aria-orientation="vertical"
      aria-controls={controls}
      aria-valuemin={firstSeq}
      aria-valuemax={lastSeq}
      aria-valuenow={at}
      aria-valuetext={`line ${at.toLocaleString('en')} of ${lastSeq.toLocaleString('en')}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(seqAt(event));
      }}
      onPointerMove={(event) => dragged !== undefined && setDragged(seqAt(event))}
      onPointerUp={() => {
        if (dragged !== undefined) onJump(dragged);
        setDragged(undefined);
      }}
      onPointerCancel={() => setDragged(undefined)}
    >
      <div
        className={classes.thumb}
        style={{
          top: `calc(${share(at)} * (100% - 26px))`,
          height: `${100 * Math.max(0, share(bottom) - share(top))}%`,
        }}
      >
        {dragged !== undefined && <span className={classes.told}>line {dragged.toLocaleString('en')}</span>}
      </div>
      {marks.map((seq) => (
        <span key={seq} className={classes.mark} style={{ top: `calc(${share(seq)} * (100% - 26px) + 12px)` }} />
      ))}
    </div>
  );
}
