import { DataTable, Figures, figureHeads } from '../../app/data-table.tsx';
import { formatKnownCost } from '../../app/money.ts';
import { formatDuration } from '../../time/duration.ts';
import { Exact } from '../../time/exact.tsx';
import type { TrendPoint } from './documents.ts';
import classes from './screen.module.css';

const HEADS = ['Completed', 'Failed', 'Cancelled', 'Median run', 'p95 run', 'Median wait', 'Cost'];
const duration = (ms: number | null) => (ms === null ? '–' : formatDuration(ms));

/** What the charts draw, in figures. */
export function TrendTable({ trend }: { trend: readonly TrendPoint[] }) {
  return (
    <details className={classes.figures}>
      <summary>The charts in figures</summary>
      <DataTable heads={['From', ...figureHeads(HEADS)]}>
        {trend.map(({ from, figures }) => {
          const values = [
            figures.completed.toLocaleString('en'),
            figures.failed.toLocaleString('en'),
            figures.cancelled.toLocaleString('en'),
            duration(figures.medianRunMs),
            duration(figures.p95RunMs),
            duration(figures.medianQueueMs),
            formatKnownCost(figures.cost),
          ];
          return (
            <tr key={from}>
              <th scope="row">
                <Exact at={from} />
              </th>
              <Figures heads={HEADS} values={values} />
            </tr>
          );
        })}
      </DataTable>
    </details>
  );
}
