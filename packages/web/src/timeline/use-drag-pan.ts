import { type PointerEvent, useRef, useState } from 'react';
import type { useTimeWindow } from './use-time-window.ts';

/** A click may shake so many pixels. */
const SHAKE = 4;

/** Moves a time window that was zoomed by dragging it. */
export function useDragPan({ zoomed, move }: Pick<ReturnType<typeof useTimeWindow>, 'zoomed' | 'move'>) {
  const start = useRef<{ x: number; width: number } | undefined>(undefined);
  const travelled = useRef(0);
  const [panning, setPanning] = useState(false);

  function end(): void {
    start.current = undefined;
    setPanning(false);
  }
  return {
    panning,
    /** Whether the pointer that was just let go had moved the window, so that it is no click. */
    moved: () => travelled.current > SHAKE,
    handlers: {
      onPointerDown({ button, clientX, currentTarget }: PointerEvent<HTMLElement>) {
        travelled.current = 0;
        if (button !== 0 || !zoomed) return;
        start.current = { x: clientX, width: currentTarget.clientWidth };
      },
      onPointerMove({ clientX, currentTarget, pointerId }: PointerEvent<HTMLElement>) {
        if (!start.current) return;
        const by = clientX - start.current.x;
        travelled.current += Math.abs(by);
        if (travelled.current <= SHAKE) return;
        if (!panning) currentTarget.setPointerCapture(pointerId);
        setPanning(true);
        move(-by / start.current.width);
        start.current.x = clientX;
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
}
