import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { pan, type TimeWindow, zoom } from './time-window.ts';

/** One turn of the wheel, one press of a key. */
const STEP = 1.25;

/**
 * The part of a time axis that is shown: all of it until somebody comes closer with Ctrl and the wheel, the buttons or
 * the keys. What grows while it is shown whole stays shown whole.
 *
 * @param whole the time there is something to see of
 */
export function useTimeWindow(whole: TimeWindow) {
  const [chosen, setChosen] = useState<TimeWindow>();
  const surface = useRef<HTMLDivElement>(null);
  const shown = chosen ?? whole;

  function put(next: TimeWindow) {
    setChosen(next.from <= whole.from && next.to >= whole.to ? undefined : next);
  }
  const middle = (shown.from + shown.to) / 2;
  const api = {
    shown,
    zoomed: chosen !== undefined,
    surface,
    closer: () => put(zoom(shown, 1 / STEP ** 2, middle, whole)),
    wider: () => put(zoom(shown, STEP ** 2, middle, whole)),
    fit: () => setChosen(undefined),
    /** Moves by a share of what is shown. */
    move: (share: number) => chosen && put(pan(shown, (shown.to - shown.from) * share, whole)),
  };

  const onWheel = useEffectEvent((event: WheelEvent, box: DOMRect) => {
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const at = shown.from + ((event.clientX - box.left) / box.width) * (shown.to - shown.from);
      put(zoom(shown, event.deltaY > 0 ? STEP : 1 / STEP, at, whole));
    } else if (sideways !== 0 && chosen) {
      event.preventDefault();
      api.move(sideways / box.width);
    }
  });
  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    // React listens passively, and then the browser would zoom the page.
    const listen = (event: WheelEvent) => {
      const box = element.querySelector('[data-axis]')?.getBoundingClientRect();
      if (box) onWheel(event, box);
    };
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, []);
  return api;
}
