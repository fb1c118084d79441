import { Skeleton, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { lazy, Suspense, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { Failed } from '../../app/failed.tsx';
import type { JobFilter, JobStatus } from '../../app/graphql.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { useKeys } from '../../app/use-keys.ts';
import { useStable } from '../../app/use-stable.ts';
import { whenIdle } from '../../app/when-idle.ts';
import type { Columns } from './columns.ts';
import { Empty } from './empty.tsx';
import { useExpanded } from './expanded.ts';
import { Head } from './head.tsx';
import { openMenus } from './open-menus.ts';
import { Row, rowMenu } from './row.tsx';
import { allToggled, ranged, selectedIn, toggled, useSelection } from './selection.ts';
import type { Sort } from './sort.ts';
import classes from './table.module.css';
import { useJobList } from './use-job-list.ts';
import type { Tab } from './view.ts';

const BulkBar = lazy(() => import('./bulk-bar.tsx'));

interface Props {
  filter: JobFilter;
  statuses: readonly JobStatus[];
  tab: Tab;
  /** Whether a search or a filter is set, besides the tab. */
  filtered: boolean;
  /** How many jobs match in this tab, and in all tabs. */
  total: number | undefined;
  anywhere: number | undefined;
  /** Whether any of them runs or waits to run. */
  running: boolean;
  columns: Columns;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  onClear: () => void;
}

/** A pointer that has not moved over the rows for so long is not about to click. */
const STILL_AFTER = 1_500;

/** Where each list was scrolled to, for coming back from a job. */
const offsets = new Map<string, number>();

/** The rows, as many as fit on the screen; more are loaded when the end comes near. */
export function JobTable(props: Props) {
  const { filter, statuses, tab, sort, onSort, filtered, total, anywhere, running, columns, onClear } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false });
  const rowHeight = narrow ? 70 : 40;
  const place = JSON.stringify([filter, tab, sort]);
  const [active, setActive] = useState<string>();
  useEffect(() => whenIdle(rowMenu.preload), []);
  const expanded = useExpanded();
  const shown = useStable(columns.shown.map(({ key }) => key));
  const { selection, set: select, clear: clearSelection } = useSelection(place);

  const pointedAt = useRef(Number.NEGATIVE_INFINITY);
  const scrolledTo = useRef(0);

  /** Whether rows must stay where they are: the reader is further down, about to click, in a row's menu, or selecting. */
  function isAway(): boolean {
    // Asked at every change, so that nothing here may make the browser lay the page out.
    if (scrolledTo.current > rowHeight || openMenus.get() > 0 || selection.ids.size > 0 || selection.matching)
      return true;
    return performance.now() - pointedAt.current < STILL_AFTER;
  }

  const list = useJobList({ filter, statuses, sort, isAway, active: running });
  const { ids, held, leaving, hasMore } = list.listing;
  const selected = selectedIn(selection, ids);

  // Jobs that had to wait go on top by themselves when nobody minds any more.
  const settle = useEffectEvent(() => {
    if (!isAway()) list.settle();
  });
  const waiting = held.length + leaving.length > 0;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => settle(), 400);
    return () => clearInterval(timer);
  }, [waiting]);

  // oxlint-disable-next-line react/incompatible-library -- it concerns React's compiler, which is not used
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => ids[index] ?? index, [ids]),
    estimateSize: (index) => rowHeight + 1 + (expanded.has(ids[index] ?? '') ? 158 : 0),
    overscan: 10,
    // Rows are drawn before they come into view, so that a frame later is early enough.
    useFlushSync: false,
    initialOffset: () => offsets.get(place) ?? 0,
    scrollPaddingStart: 34,
  });
  const visible = rows.getVirtualItems();

  const askForMore = useEffectEvent((last: number, loaded: number) => {
    if (hasMore && last >= loaded - 15) list.loadMore();
  });
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => askForMore(last, ids.length), [last, ids.length]);
  const measureRows = useEffectEvent((_height: number) => rows.measure());
  useEffect(() => measureRows(rowHeight), [rowHeight]);

  function step(by: number) {
    const now = active === undefined ? -1 : ids.indexOf(active);
    const next = ids[Math.min(ids.length - 1, Math.max(0, now + by))];
    if (next === undefined) return;
    setActive(next);
    rows.scrollToIndex(ids.indexOf(next), { align: 'auto' });
    const focus = () => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(next)}"]`);
      row?.focus({ preventScroll: true });
      return row !== null;
    };
    // At once where it can be: the next key may follow before the next frame. A row further off is drawn first.
    if (!focus()) requestAnimationFrame(focus);
  }
  const order = useRef(ids);
  order.current = ids;
  const selectRow = useCallback(
    (id: string, range: boolean) => select((now) => (range ? ranged(now, order.current, id) : toggled(now, id))),
    [select],
  );
  const matching = useStable({ ...filter, status: [...statuses] });
  const toggleAll = () => select((now) => allToggled(now, ids));
  useKeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
    ['x', () => active !== undefined && selectRow(active, false)],
    ['shift+x', () => active !== undefined && selectRow(active, true)],
    ['Escape', clearSelection],
  ]);

  const empty = ids.length === 0;
  if (empty && list.error) {
    return (
      <div className={classes.panel}>
        <Failed error={list.error} retry={list.refresh} />
      </div>
    );
  }
  return (
    <div
      className={classes.panel}
      style={{
        '--columns': columns.template,
        '--least': `${columns.least}px`,
        '--row-height': narrow ? 'auto' : '40px',
      }}
    >
      {held.length > 0 && (
        <UnstyledButton
          className={classes.fresh}
          onClick={() => {
            list.settle();
            rows.scrollToOffset(0);
          }}
        >
          <IconArrowUp size={14} /> {held.length} new {held.length === 1 ? 'job' : 'jobs'}
        </UnstyledButton>
      )}
      {list.error && (
        <p className={classes.stale} role="status">
          The list could not be refreshed. <UnstyledButton onClick={list.refresh}>Try again</UnstyledButton>
        </p>
      )}
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label="Jobs"
        aria-busy={list.loading}
        aria-rowcount={(total ?? ids.length) + 1}
        data-outdated={list.outdated || undefined}
        onKeyDown={(event) => {
          if ((event.metaKey || event.ctrlKey) && event.key === 'a') {
            event.preventDefault();
            toggleAll();
            return;
          }
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (by === 0 || !(event.target instanceof HTMLElement) || event.target.dataset.row === undefined) return;
          event.preventDefault();
          step(by);
        }}
        onPointerMove={() => {
          pointedAt.current = performance.now();
        }}
        onScroll={(event) => {
          scrolledTo.current = event.currentTarget.scrollTop;
          offsets.set(place, scrolledTo.current);
        }}
      >
        <div className={classes.table} role="presentation">
          <Head
            columns={columns}
            sort={sort}
            onSort={onSort}
            selected={selected.length === 0 ? 'none' : selected.length === ids.length ? 'all' : 'some'}
            onSelectAll={toggleAll}
          />
          <div className={classes.rows} role="rowgroup" style={{ height: rows.getTotalSize() }}>
            {visible.map(({ index, start, key }) => {
              const id = ids[index];
              if (id === undefined) return null;
              return (
                <div
                  key={key}
                  // A closed row is as high as it is told to be: asking for each one's height lays the page out again.
                  ref={narrow || expanded.has(id) ? rows.measureElement : undefined}
                  data-index={index}
                  className={classes.place}
                  role="presentation"
                  style={{ top: start }}
                >
                  <Row
                    id={id}
                    position={index + 2}
                    expanded={expanded.has(id)}
                    active={active === undefined || !ids.includes(active) ? index === 0 : id === active}
                    selected={selection.matching || selection.ids.has(id)}
                    leaving={leaving.includes(id)}
                    columns={shown}
                    onSelect={selectRow}
                    onActive={setActive}
                    onGone={list.drop}
                  />
                </div>
              );
            })}
          </div>
          {empty && list.loading && <Loading />}
        </div>
      </div>
      {selected.length > 0 && (
        <Suspense>
          <BulkBar
            ids={selected}
            matching={selection.matching}
            filter={matching}
            total={total}
            onSelectMatching={() => select((now) => ({ ...now, matching: true }))}
            onClear={clearSelection}
          />
        </Suspense>
      )}
      {empty && !list.loading && <Empty tab={tab} filtered={filtered} anywhere={anywhere} onClear={onClear} />}
    </div>
  );
}

/** Rows before anything is known, in the shape that rows have. */
function Loading() {
  return (
    <div aria-hidden="true">
      {rowNumbers(12).map((index) => (
        <div key={index} className={classes.skeleton}>
          <span />
          <Skeleton height={20} width={92} />
          <Skeleton height={10} width={`${50 + ((index * 17) % 40)}%`} />
          <Skeleton height={10} width={90} />
          <Skeleton height={10} width={`${20 + ((index * 23) % 45)}%`} />
        </div>
      ))}
    </div>
  );
}
