import { Skeleton, UnstyledButton } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useCallback, useEffect, useEffectEvent, useId, useLayoutEffect, useRef } from 'react';
import type { LogDisplay } from './display.ts';
import type { LineRange } from './download.ts';
import { pickLine } from './line-range.ts';
import { LogRail } from './log-rail.tsx';
import { LogRow } from './log-row.tsx';
import type { LogState } from './log-source.ts';
import type { LogStore } from './log-store.ts';
import classes from './log-view.module.css';
import { useStickToEnd } from './use-stick-to-end.ts';

const LINE_HEIGHT = 20;
/** What tells of picked lines floats over the end, which must not hide the last ones. */
const PICKED_BAR = 52;
/** More lines are read when the first or the last that is drawn is closer to the edge of the window than this. */
const READ_AHEAD = 80;

interface Props {
  store: LogStore;
  state: LogState;
  from: number;
  display: LogDisplay;
  search: string;
  /** The line where the search stands. */
  found: number | undefined;
  picked: LineRange | undefined;
  onPick: (range: LineRange | undefined) => void;
  showStep: boolean;
  /** Whether every number must be there, so that one that is not is a gap. */
  gapless: boolean;
  live: boolean;
  narrowed: boolean;
  onAtEnd: (is: boolean) => void;
}

/** The lines on the screen, out of the window that is here, out of the whole log. */
export function LogRows({ store, state, display, picked, onPick, onAtEnd, ...props }: Props) {
  const { lines, hasOlder, hasNewer, loading, place } = state;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { sticks, setSticks, events } = useStickToEnd();
  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    // By the state and not by the array, which is the same one while it grows.
    getItemKey: useCallback((index: number) => state.lines[index]?.seq ?? -index, [state]),
    estimateSize: () => LINE_HEIGHT,
    overscan: 12,
    anchorTo: 'end',
    paddingStart: 10,
    paddingEnd: picked ? PICKED_BAR : 12,
  });
  const visible = rows.getVirtualItems();
  const top = rows.range?.startIndex ?? 0;
  const bottom = rows.range?.endIndex ?? 0;

  const bring = useEffectEvent((wish: LogState['place']) => {
    setSticks(!wish || wish.seq === 'end');
    if (!wish || wish.seq === 'end') return rows.scrollToEnd();
    const index = indexOf(lines, wish.seq);
    if (index <= top + 1 || index >= bottom - 1) rows.scrollToIndex(index, { align: 'center' });
  });
  // A log opens at its end, or where it is asked to.
  const opened = lines.length > 0;
  useEffect(() => {
    if (opened) bring(place);
  }, [opened, place]);

  // Who is at the end stays there: when lines come, when they turn out higher, and when the panel gets another size.
  const atEnd = sticks && !hasNewer;
  const height = rows.getTotalSize();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them moves the end
  useLayoutEffect(() => {
    if (opened && atEnd) rows.scrollToEnd();
  }, [rows, opened, atEnd, state, height]);
  useEffect(() => {
    const element = scroller.current;
    if (!element || !atEnd) return;
    const observer = new ResizeObserver(() => rows.scrollToEnd());
    observer.observe(element);
    return () => observer.disconnect();
  }, [rows, atEnd]);
  const tellAtEnd = useEffectEvent(onAtEnd);
  useEffect(() => tellAtEnd(atEnd), [atEnd]);

  const first = visible[0]?.index ?? 0;
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!opened || loading !== 'nothing' || state.error !== undefined) return;
    if (hasOlder && first < READ_AHEAD) void store.loadOlder();
    else if (hasNewer && last > lines.length - READ_AHEAD) void store.loadNewer();
  }, [store, opened, hasOlder, hasNewer, loading, first, last, lines.length, state.error]);

  function pick(event: MouseEvent<HTMLElement>) {
    if (!(event.target instanceof Element)) return;
    const seq = Number(event.target.closest('[data-pick]')?.getAttribute('data-pick'));
    if (seq > 0) onPick(pickLine(picked, seq, event.shiftKey));
  }

  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field in the footer picks lines by the keyboard */}
      <div
        ref={scroller}
        id={id}
        className={classes.scroller}
        data-railed={hasOlder || hasNewer || undefined}
        role="log"
        aria-live="off"
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onClick={pick}
        {...events}
      >
        <div className={classes.rows} style={{ height }}>
          {visible.map(({ index, key, start }) => {
            const line = lines[index];
            if (!line) return null;
            const before = lines[index - 1]?.seq;
            const missing = props.gapless && before !== undefined ? line.seq - before - 1 : 0;
            return (
              <div
                key={key}
                ref={rows.measureElement}
                data-index={index}
                className={classes.place}
                style={{ transform: `translateY(${start}px)` }}
              >
                {missing > 0 && (
                  <UnstyledButton className={classes.gap} onClick={() => void store.fill(line.seq)}>
                    {missing.toLocaleString('en')} {missing === 1 ? 'line has' : 'lines have'} not arrived. Read again
                  </UnstyledButton>
                )}
                <LogRow
                  line={line}
                  from={props.from}
                  display={display}
                  search={props.search}
                  showStep={props.showStep}
                  found={line.seq === props.found}
                  picked={picked !== undefined && line.seq >= picked.from && line.seq <= picked.to}
                />
              </div>
            );
          })}
        </div>
        {!opened && <Nothing loading={loading !== 'nothing'} narrowed={props.narrowed} live={props.live} />}
      </div>
      {(hasOlder || hasNewer) && (
        <LogRail
          controls={id}
          firstSeq={state.firstSeq}
          lastSeq={state.lastSeq}
          top={lines[top]?.seq ?? 0}
          bottom={lines[bottom]?.seq ?? 0}
          marks={[props.found, picked?.from].filter((seq) => seq !== undefined)}
          onJump={(seq) => void store.jumpTo(seq)}
        />
      )}
      {opened && !atEnd && (
        <UnstyledButton className={classes.jump} onClick={() => void store.jumpToEnd()}>
          <IconArrowDown size={14} /> {props.live ? 'Jump to latest' : 'Jump to end'}
        </UnstyledButton>
      )}
    </>
  );
}

/** Where a line is, or where it would be. */
function indexOf(lines: LogState['lines'], seq: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function Nothing({ loading, narrowed, live }: { loading: boolean; narrowed: boolean; live: boolean }) {
  if (loading) {
    return (
      <div className={classes.loading} aria-hidden="true">
        {[62, 48, 71, 35, 54, 66].map((width) => (
          <Skeleton key={width} height={9} width={`${width}%`} my={11} />
        ))}
      </div>
    );
  }
  const plain = live ? 'No lines yet. They appear here as they are written.' : 'Nothing was written.';
  return <p className={classes.empty}>{narrowed ? 'No line matches.' : plain}</p>;
}
