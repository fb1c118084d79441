import { Link } from 'react-router';
import { DataTable, Figures, figureHeads } from '../../app/data-table.tsx';
import { formatKnownCost } from '../../app/money.ts';
import { formatDuration } from '../../time/duration.ts';
import type { SpanKey } from '../../time/period.ts';
import type { StatisticsOf } from './documents.ts';
import { endedOf, formatRate } from './figures.ts';
import classes from './screen.module.css';

const HEADS = [
  'Jobs',
  'Success',
  'Failed',
  'Average run',
  'Half within',
  '1 in 20 above',
  'Half queued within',
  'Cost',
];
const duration = (ms: number | null) => (ms === null ? '–' : formatDuration(ms));

/** The same figures for each workflow; those with the most jobs first. */
export function WorkflowFigures({ workflows, span }: { workflows: StatisticsOf['byWorkflow']; span: SpanKey }) {
  return (
    <DataTable heads={['Workflow', ...figureHeads(HEADS)]}>
      {workflows.map(({ slug, name, figures }) => {
        const list = `/jobs?workflow=${encodeURIComponent(slug)}&span=${span}`;
        const values = [
          <Link key="jobs" className="sb-link" to={list}>
            {endedOf(figures).toLocaleString('en')}
          </Link>,
          formatRate(figures.successRate),
          <Link
            key="failed"
            className="sb-link"
            to={`${list}&status=failed`}
            data-bad={figures.failed > 0 || undefined}
          >
            {figures.failed.toLocaleString('en')}
          </Link>,
          duration(figures.averageRunMs),
          duration(figures.medianRunMs),
          duration(figures.p95RunMs),
          duration(figures.medianQueueMs),
          formatKnownCost(figures.cost),
        ];
        return (
          <tr key={slug} className={classes.workflow}>
            <th scope="row">
              <Link
                className="sb-link"
                to={`/statistics?workflow=${encodeURIComponent(slug)}&over=${span}`}
                title={name}
              >
                {slug}
              </Link>
            </th>
            <Figures heads={HEADS} values={values} />
          </tr>
        );
      })}
    </DataTable>
  );
}
