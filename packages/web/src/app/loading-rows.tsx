import { Skeleton } from '@mantine/core';
import classes from './loading-rows.module.css';
import { rowNumbers } from './row-numbers.ts';

/** Stands where a table will be. */
export function LoadingRows({ label }: { label: string }) {
  return (
    <div className={classes.rows} role="status" aria-label={label}>
      {rowNumbers(4).map((row) => (
        <div key={row} className={classes.row}>
          <Skeleton height={12} width={120 + row * 16} />
          <Skeleton height={12} width={80} />
          <Skeleton height={12} width={60} />
        </div>
      ))}
    </div>
  );
}
