import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { type Column, type Columns, RIGHT } from './columns.ts';
import classes from './head.module.css';
import { Resizer } from './resizer.tsx';
import { SelectBox } from './select-box.tsx';
import { ariaSort, isSortKey, nextSort, type Sort } from './sort.ts';

interface Props {
  columns: Columns;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  /** How much of what is loaded is selected. */
  selected: 'none' | 'some' | 'all';
  onSelectAll: () => void;
}

const DRAGGED = 'application/x-signalbox-column';

/** The head of the table: sorts by a click, moves by dragging (or the menu of columns), resizes at the right edge. */
export function Head({ columns, sort, onSort, selected, onSelectAll }: Props) {
  const [over, setOver] = useState<Column>();

  function drop(event: DragEvent, target: Column): void {
    setOver(undefined);
    const keys = columns.shown.map(({ key }) => key);
    const dragged = keys.find((key) => key === event.dataTransfer.getData(DRAGGED));
    if (dragged === undefined) return;
    event.preventDefault();
    columns.move(dragged, keys.indexOf(target) - keys.indexOf(dragged));
  }

  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      <span role="columnheader">
        <SelectBox
          label="Select all loaded jobs"
          checked={selected === 'all'}
          mixed={selected === 'some'}
          onSelect={onSelectAll}
        />
      </span>
      <span role="columnheader">
        <span className="sb-hidden">Open in place</span>
      </span>
      {columns.shown.map(({ key, label }) => {
        const direction = ariaSort(sort, key);
        return (
          <span
            key={key}
            role="columnheader"
            aria-sort={direction}
            data-right={RIGHT.includes(key) || undefined}
            data-over={over === key || undefined}
            className={classes.column}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData(DRAGGED, key);
              event.dataTransfer.effectAllowed = 'move';
            }}
            onDragOver={(event) => {
              if (!event.dataTransfer.types.includes(DRAGGED)) return;
              event.preventDefault();
              setOver(key);
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => drop(event, key)}
          >
            {isSortKey(key) ? (
              <UnstyledButton className={classes.sort} onClick={() => onSort(nextSort(sort, key))}>
                {label}
                {direction === 'ascending' && <IconArrowUp size={12} aria-hidden="true" />}
                {direction === 'descending' && <IconArrowDown size={12} aria-hidden="true" />}
              </UnstyledButton>
            ) : (
              <span className={classes.label}>{label}</span>
            )}
            <Resizer column={key} label={label} width={columns.layout.widths[key]} onResize={columns.resize} />
          </span>
        );
      })}
      <span role="columnheader">
        <span className="sb-hidden">Actions</span>
      </span>
    </div>
  );
}
