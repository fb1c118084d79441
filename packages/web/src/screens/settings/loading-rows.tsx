import { Skeleton } from '@mantine/core';
import { rowNumbers } from '../../app/row-numbers.ts';
import classes from './screen.module.css';

/** Stands where a table will be. */
export function LoadingRows({ label }: { label: string }) {
  return (
    <div className={classes.none} role="status" aria-label={label}>
      {rowNumbers(4).map((row) => (
        <div key={row} className={classes.skeleton}>
          <Skeleton height={12} width={120 + row * 16} />
          <Skeleton height={12} width={80} />
          <Skeleton height={12} width={60} />
        </div>
      ))}
    </div>
  );
}
