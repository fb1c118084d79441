import { type KeyboardEvent, type TouchEvent, type UIEvent, useRef, useState, type WheelEvent } from 'react';

/** Closer to the end than this is at the end. */
const AT_END = 24;
const UPWARDS = ['ArrowUp', 'PageUp', 'Home'];

/**
 * Whether the end of something that grows is followed: until the reader scrolls up, and again when the reader comes back
 * to it. Where the end is says little while lines arrive, are measured, and go at the top to make room: what
 * the reader does counts.
 */
export function useStickToEnd() {
  const [sticks, setSticks] = useState(true);
  const seen = useRef({ top: 0, height: 0 });
  const finger = useRef(0);

  function leave(scroller: HTMLElement): void {
    if (scroller.scrollTop > 0) setSticks(false);
  }

  return {
    sticks,
    /** For what scrolls by itself to a place, or to the end. */
    setSticks,
    events: {
      onScroll({ currentTarget: { scrollTop: top, scrollHeight: height, clientHeight } }: UIEvent<HTMLElement>) {
        const before = seen.current;
        seen.current = { top, height };
        if (height - top - clientHeight <= AT_END) setSticks(true);
        // By the scrollbar, or by a program. Where the height has changed as well, it may be the lines that moved.
        else if (top < before.top && height === before.height) setSticks(false);
      },
      onWheel: ({ deltaY, currentTarget }: WheelEvent<HTMLElement>) => deltaY < 0 && leave(currentTarget),
      onKeyDown: ({ key, currentTarget }: KeyboardEvent<HTMLElement>) => UPWARDS.includes(key) && leave(currentTarget),
      onTouchStart: ({ touches }: TouchEvent<HTMLElement>) => {
        finger.current = touches[0]?.clientY ?? 0;
      },
      onTouchMove: ({ touches, currentTarget }: TouchEvent<HTMLElement>) => {
        const y = touches[0]?.clientY ?? 0;
        if (y > finger.current) leave(currentTarget);
        finger.current = y;
      },
    },
  };
}
