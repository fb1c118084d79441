import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { ButtonPopover } from '../../app/button-popover.tsx';
import type { Opener } from '../../app/opens-late.tsx';
import { COLUMNS, type Columns, FIXED } from './columns.ts';
import classes from './menus.module.css';

export interface ColumnsProps {
  columns: Columns;
}

export default function ColumnsPanel({ button, columns }: ColumnsProps & Opener) {
  return (
    <ButtonPopover button={button} label="Columns" className={classes.columns}>
      {() => (
        <>
          <ol className={classes.list}>
            {columns.layout.order.map((key) => {
              const label = COLUMNS.find((column) => column.key === key)?.label ?? key;
              const place = columns.shown.findIndex((column) => column.key === key);
              return (
                <li key={key}>
                  <Checkbox
                    size="xs"
                    label={label}
                    checked={place >= 0}
                    disabled={FIXED.includes(key)}
                    onChange={() => columns.toggle(key)}
                  />
                  {place >= 0 && (
                    <span className={classes.moves}>
                      <ActionIcon
                        size={22}
                        aria-label={`${label} further left`}
                        disabled={place === 0}
                        onClick={() => columns.move(key, -1)}
                      >
                        <IconArrowUp size={13} />
                      </ActionIcon>
                      <ActionIcon
                        size={22}
                        aria-label={`${label} further right`}
                        disabled={place === columns.shown.length - 1}
                        onClick={() => columns.move(key, 1)}
                      >
                        <IconArrowDown size={13} />
                      </ActionIcon>
                    </span>
                  )}
                </li>
              );
            })}
          </ol>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={columns.reset}>
            As at first
          </Button>
        </>
      )}
    </ButtonPopover>
  );
}
