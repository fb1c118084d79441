import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { OPTIONAL, type useColumns } from './columns.ts';
import classes from './menus.module.css';

/** Which columns the table has; kept in this browser. */
export function ColumnsMenu({ columns }: { columns: ReturnType<typeof useColumns> }) {
  return (
    <Popover position="bottom-end">
      <Popover.Target>
        <Button className={classes.wide}>Columns</Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap={8}>
          {OPTIONAL.map(({ key, label }) => (
            <Checkbox
              key={key}
              size="xs"
              label={label}
              checked={columns.shown.has(key)}
              onChange={() => columns.toggle(key)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
