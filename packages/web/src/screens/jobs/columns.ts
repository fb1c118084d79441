import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';

/** The columns of the list in their first order, with their share of the width until somebody gives them one. */
export const COLUMNS = [
  { key: 'status', label: 'Status', width: '116px', least: 64 },
  { key: 'workflow', label: 'Workflow', width: 'minmax(150px, 270px)', least: 90 },
  { key: 'job', label: 'Job', width: '132px', least: 80 },
  { key: 'priority', label: 'Priority', width: '76px', least: 64 },
  { key: 'labels', label: 'Labels', width: 'minmax(90px, 160px)', least: 60 },
  { key: 'progress', label: 'Progress', width: 'minmax(120px, 1fr)', least: 90 },
  { key: 'created', label: 'Created', width: '104px', least: 76 },
  { key: 'started', label: 'Started', width: '104px', least: 76 },
  { key: 'ended', label: 'Ended', width: '104px', least: 76 },
  { key: 'duration', label: 'Duration', width: '84px', least: 70 },
  { key: 'cost', label: 'Cost', width: '64px', least: 52 },
] as const;

export type Column = (typeof COLUMNS)[number]['key'];

/** Without these a row says nothing. */
export const FIXED: readonly Column[] = ['status', 'workflow', 'progress'];

/** What is figures stands on the right. */
export const RIGHT: readonly Column[] = ['created', 'started', 'ended', 'duration', 'cost'];

/** How somebody wants the table: kept in the browser. */
export interface Layout {
  order: readonly Column[];
  hidden: readonly Column[];
  /** In pixels, of the columns that were given a width. */
  widths: Readonly<Partial<Record<Column, number>>>;
}

export const FIRST_LAYOUT: Layout = {
  order: COLUMNS.map(({ key }) => key),
  hidden: ['priority', 'labels', 'created', 'ended'],
  widths: {},
};

const WIDEST = 900;
const GAP = 10;
/** The checkbox and the arrow that opens a row before the columns, the menu behind them. */
const BEFORE = ['20px', '26px'];
const BEHIND = '32px';

/** The layout as it was kept, by this version or another: columns that are not known go, those that are missing come last. */
export function readLayout(kept: unknown): Layout {
  if (typeof kept !== 'object' || kept === null) return FIRST_LAYOUT;
  const order = 'order' in kept ? known(kept.order) : [];
  const widths = 'widths' in kept && typeof kept.widths === 'object' && kept.widths !== null ? kept.widths : {};
  return {
    order: [...order, ...FIRST_LAYOUT.order.filter((key) => !order.includes(key))],
    hidden: 'hidden' in kept ? known(kept.hidden).filter((key) => !FIXED.includes(key)) : FIRST_LAYOUT.hidden,
    widths: Object.fromEntries(
      Object.entries(widths).flatMap(([key, width]) => {
        const column = COLUMNS.find((other) => other.key === key);
        return column && typeof width === 'number' ? [[key, fitting(column.key, width)]] : [];
      }),
    ),
  };
}

function known(keys: unknown): Column[] {
  if (!Array.isArray(keys)) return [];
  return COLUMNS.map(({ key }) => key)
    .filter((key) => keys.includes(key))
    .sort((a, b) => keys.indexOf(a) - keys.indexOf(b));
}

function columnOf(key: Column) {
  const column = COLUMNS.find((other) => other.key === key);
  if (!column) throw new Error(`There is no column ${key}.`);
  return column;
}

/** A width that the column may have, nearest to the one that is wanted. */
export function fitting(key: Column, width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(columnOf(key).least, width)));
}

/** The layout with a column so many places further to the right, or to the left. Hidden columns count for nothing. */
export function moved(layout: Layout, key: Column, by: number): Layout {
  const visible = layout.order.filter((other) => !layout.hidden.includes(other));
  const from = visible.indexOf(key);
  const neighbour = visible[from + by];
  if (from < 0 || neighbour === undefined) return layout;
  const order = layout.order.filter((other) => other !== key);
  order.splice(order.indexOf(neighbour) + (by > 0 ? 1 : 0), 0, key);
  return { ...layout, order };
}

/** For grid-template-columns, and as wide as the table is at least. */
export function tracksOf(layout: Layout): { template: string; least: number } {
  const shown = layout.order.filter((key) => !layout.hidden.includes(key)).map(columnOf);
  const tracks = shown.map(({ key, width }) => {
    const given = layout.widths[key];
    return given === undefined ? width : `${given}px`;
  });
  const template = [...BEFORE, ...tracks, BEHIND];
  // Where every column was given a width, the last track takes what is left.
  if (!tracks.some((track) => track.includes('fr'))) template[template.length - 1] = `minmax(${BEHIND}, 1fr)`;
  const least = template.reduce((sum, track) => sum + Number.parseInt(track.replace('minmax(', ''), 10), 0);
  return { template: template.join(' '), least: least + GAP * (template.length - 1) + 14 };
}

export type Columns = ReturnType<typeof useColumns>;

/** Which columns this browser shows, in which order and how wide. */
export function useColumns() {
  const [kept, setKept] = useLocalStorage<unknown>({
    key: 'signalbox.jobs.columns',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return useMemo(() => {
    const layout = readLayout(kept);
    const change = (next: Layout) => setKept(next);
    return {
      layout,
      /** Those that are shown, in their order. */
      shown: layout.order.filter((key) => !layout.hidden.includes(key)).map(columnOf),
      ...tracksOf(layout),
      toggle: (key: Column) =>
        change({
          ...layout,
          hidden: layout.hidden.includes(key)
            ? layout.hidden.filter((other) => other !== key)
            : [...layout.hidden, key],
        }),
      /** Shows these, in this order. */
      show: (keys: readonly Column[]) =>
        change({
          ...layout,
          order: [...keys, ...layout.order.filter((key) => !keys.includes(key))],
          hidden: layout.order.filter((key) => !keys.includes(key) && !FIXED.includes(key)),
        }),
      move: (key: Column, by: number) => change(moved(layout, key, by)),
      /** Undefined gives back the width that it had at first. */
      resize: (key: Column, width: number | undefined) => {
        const { [key]: _before, ...others } = layout.widths;
        change({ ...layout, widths: width === undefined ? others : { ...others, [key]: fitting(key, width) } });
      },
      reset: () => setKept(null),
    };
  }, [kept, setKept]);
}
