import { Button } from '@mantine/core';
import { OpensLate } from '../../app/opens-late.tsx';
import { preloadable } from '../../app/preloaded.tsx';
import type { ColumnsProps } from './columns-panel.tsx';
import classes from './menus.module.css';

const panel = preloadable(() => import('./columns-panel.tsx'));

/** Which columns the table has and in which order; kept in this browser. */
export function ColumnsMenu(props: ColumnsProps) {
  return (
    <OpensLate of={panel} opens="dialog" props={props} button={<Button className={classes.wide}>Columns</Button>} />
  );
}
