import { Fragment, type ReactNode, useState } from 'react';
import classes from './data-table.module.css';

/** A column's name, or more about it. */
export type Head =
  | string
  | {
      name: string;
      /** For figures, which are compared by their ends. */
      right?: boolean;
      /** Only for those who do not see that its cells are buttons. */
      hidden?: boolean;
    };

/** The column of a row's buttons. */
export const ACTIONS: Head = { name: 'Actions', hidden: true };

/** A table of few rows, which needs no virtual list; on a phone each row is a card. A cell says with `data-label` what it is. */
export function DataTable({ heads, children }: { heads: readonly Head[]; children: ReactNode }) {
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            {heads.map((head) => {
              const { name, right, hidden } = typeof head === 'string' ? { name: head } : head;
              return (
                <th key={name} scope="col" data-right={right}>
                  {hidden ? <span className="sb-hidden">{name}</span> : name}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface OpeningTableProps<Item> {
  heads: readonly Head[];
  items: readonly Item[];
  /** The row of an item. It begins with a cell, marked `data-opener`, for the button that opens and closes it. */
  row: (item: Item, opener: { opened: boolean; onToggle: () => void }) => ReactNode;
  /** What stands below a row that is open. */
  details: (item: Item) => ReactNode;
}

/** The same with rows that open to more. */
export function OpeningTable<Item extends { id: string }>({ heads, items, row, details }: OpeningTableProps<Item>) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());

  function toggle(id: string): void {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  }

  return (
    <DataTable heads={[{ name: 'More', hidden: true }, ...heads]}>
      {items.map((item) => (
        <Fragment key={item.id}>
          {row(item, { opened: opened.has(item.id), onToggle: () => toggle(item.id) })}
          {opened.has(item.id) && (
            <tr>
              <td colSpan={heads.length + 1} data-wide>
                {details(item)}
              </td>
            </tr>
          )}
        </Fragment>
      ))}
    </DataTable>
  );
}

interface FiguresProps {
  heads: readonly string[];
  /** In the order of the heads. */
  values: readonly ReactNode[];
}

/** The cells of a row behind its name, one figure each. */
export function Figures({ heads, values }: FiguresProps) {
  return values.map((value, index) => (
    <td key={heads[index]} data-label={heads[index]} data-right>
      {value}
    </td>
  ));
}

/** Columns of figures. */
export function figureHeads(names: readonly string[]): Head[] {
  return names.map((name) => ({ name, right: true }));
}
