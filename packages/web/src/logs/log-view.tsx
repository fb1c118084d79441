import { Skeleton, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLogDisplay } from './display.ts';
import { readLogText } from './download.ts';
import { countChips, type LevelChip, levelsOf } from './level-chips.ts';
import type { LogSelection } from './line.ts';
import { LogFooter } from './log-footer.tsx';
import { LogRow } from './log-row.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import classes from './log-view.module.css';
import { useLog } from './use-log.ts';

const LINE_HEIGHT = 20;
/** Closer to the end than this is at the end. */
const AT_END = 24;
/** Older lines are read when the first line drawn is closer to the beginning than this. */
const READ_AHEAD = 60;

interface Props {
  jobId: string;
  /** Only this step's lines; the whole job's without it. */
  stepKey?: string;
  /** The moment that times count from. */
  from: string;
  /** Whether lines may still be written. */
  live: boolean;
}

/**
 * A log that can be read while it is written: only the lines on the screen are drawn, older ones are read when they
 * are scrolled to, and the end is followed for as long as the reader is there.
 */
export function LogView({ jobId, stepKey, from, live }: Props) {
  const { display, change } = useLogDisplay();
  const [search, setSearch] = useState('');
  const [chips, setChips] = useState<LevelChip[]>([]);
  const [settled] = useDebouncedValue(search.trim(), 250);
  const selection = useMemo<LogSelection>(
    () => ({ stepKey, levels: levelsOf(chips), search: settled || undefined }),
    [stepKey, chips, settled],
  );
  const { store, state } = useLog(jobId, selection, undefined, live);
  const { lines } = state;

  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    // By the state and not by the array, which is the same one while it grows.
    getItemKey: useCallback((index: number) => state.lines[index]?.seq ?? -index, [state]),
    estimateSize: () => LINE_HEIGHT,
    overscan: 24,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END,
    paddingStart: 10,
    paddingEnd: 12,
  });
  const visible = rows.getVirtualItems();

  // A log opens at its end.
  const opened = lines.length > 0;
  useEffect(() => {
    if (opened) rows.scrollToEnd();
  }, [rows, opened]);

  // Who was at the end stays there when the panel gets another size.
  const stuck = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (stuck.current) rows.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [rows]);

  const first = visible[0]?.index ?? 0;
  const { hasOlder, loading } = state;
  useEffect(() => {
    if (opened && hasOlder && loading === 'nothing' && first < READ_AHEAD) void store.loadOlder();
  }, [store, opened, hasOlder, loading, first]);

  const atEnd = rows.isAtEnd(AT_END);
  const narrowed = chips.length > 0 || settled !== '';
  const counts = useMemo(() => (state.hasOlder || narrowed ? undefined : countChips(state.lines)), [state, narrowed]);

  return (
    <div className={classes.root}>
      <LogToolbar
        search={search}
        onSearch={setSearch}
        chips={chips}
        onChips={setChips}
        counts={counts}
        total={state.total}
        display={display}
        onDisplay={change}
        copy={() => readLogText(jobId, selection)}
      />
      <div className={classes.frame}>
        <div
          ref={scroller}
          className={classes.scroller}
          role="log"
          aria-live="off"
          aria-label="Log"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            stuck.current = scrollHeight - scrollTop - clientHeight <= AT_END;
          }}
        >
          <div className={classes.rows} style={{ height: rows.getTotalSize() }}>
            {visible.map(({ index, key, start }) => {
              const line = lines[index];
              if (!line) return null;
              return (
                <div
                  key={key}
                  ref={rows.measureElement}
                  data-index={index}
                  className={classes.place}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <LogRow
                    line={line}
                    from={Date.parse(from)}
                    display={display}
                    search={settled}
                    showStep={stepKey === undefined}
                  />
                </div>
              );
            })}
          </div>
          {lines.length === 0 && <Nothing loading={loading !== 'nothing'} narrowed={narrowed} live={live} />}
        </div>
        {state.error !== undefined && (
          <p className={classes.error} role="alert">
            {state.error} <UnstyledButton onClick={() => store.retry()}>Try again</UnstyledButton>
          </p>
        )}
        {lines.length > 0 && !atEnd && (
          <UnstyledButton className={classes.jump} onClick={() => rows.scrollToEnd()}>
            <IconArrowDown size={14} /> Jump to latest
          </UnstyledButton>
        )}
      </div>
      <LogFooter
        jobId={jobId}
        selection={selection}
        following={live && atEnd && !state.complete}
        ended={!live || state.complete}
        lines={lines.length}
        total={state.total}
        narrowed={narrowed}
      />
    </div>
  );
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
  return (
    <p className={classes.empty}>
      {narrowed
        ? 'No line matches.'
        : live
          ? 'No lines yet. They appear here as they are written.'
          : 'Nothing was written.'}
    </p>
  );
}
