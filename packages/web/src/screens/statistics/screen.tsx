import { NativeSelect, SegmentedControl, Skeleton } from '@mantine/core';
import './controls.css';
import { useSearchParams } from 'react-router';
import { Failed } from '../../app/failed.tsx';
import { formatCost } from '../../app/money.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { useWorkflowNames } from '../../app/workflow-names.ts';
import { useOverPeriod } from '../../live/use-over-period.ts';
import { formatDuration } from '../../time/duration.ts';
import { SPANS, spanOf } from '../../time/period.ts';
import { Chart } from './chart.tsx';
import { type Figures, Statistics, type TrendPoint } from './documents.ts';
import { trendPeriod } from './figures.ts';
import classes from './screen.module.css';
import { Tiles } from './tiles.tsx';
import { TrendTable } from './trend-table.tsx';
import { WorkflowFigures } from './workflow-figures.tsx';

/** How the jobs of the last time went: in figures, over time and by workflow; live. */
export function StatisticsScreen() {
  usePageTitle('Statistics');
  const [params, setParams] = useSearchParams();
  const span = spanOf(params.get('over')) ?? '24h';
  const workflow = params.get('workflow') ?? '';
  const names = useWorkflowNames();
  const filter = workflow === '' ? {} : { workflow: [workflow] };
  const { period, data, current, error, refresh } = useOverPeriod(Statistics, filter, (now) => trendPeriod(span, now));
  // The figures of one workflow are nothing to be read under the name of another.
  const statistics = current ? data?.jobStatistics : undefined;

  function change(name: string, value: string): void {
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  }

  function listOf(status?: string): string {
    const list = new URLSearchParams({ span });
    if (workflow !== '') list.set('workflow', workflow);
    if (status !== undefined) list.set('status', status);
    return `/jobs?${list}`;
  }

  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>Statistics</h1>
        <div className={classes.controls}>
          <NativeSelect
            size="xs"
            styles={{ input: { height: 30, minHeight: 30 } }}
            aria-label="Workflow"
            data={[{ value: '', label: 'All workflows' }, ...slugs(names, workflow)]}
            value={workflow}
            onChange={(event) => change('workflow', event.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            aria-label="Period"
            data={SPANS.map(({ key, short }) => ({ value: key, label: short }))}
            value={span}
            onChange={(value) => change('over', value === '24h' ? '' : value)}
          />
        </div>
      </header>
      {error && !statistics ? (
        <Failed error={error} retry={refresh} />
      ) : (
        <>
          <Tiles figures={statistics?.total} period={period} span={span} filter={filter} listOf={listOf} />
          {statistics ? (
            <Charts trend={statistics.trend} each={period.each} />
          ) : (
            <div className={classes.charts} aria-hidden="true">
              {['ended', 'run', 'queue', 'cost'].map((chart) => (
                <Skeleton key={chart} height={206} />
              ))}
            </div>
          )}
          {statistics && <TrendTable trend={statistics.trend} />}
          <section aria-labelledby="by-workflow">
            <h2 id="by-workflow" className={classes.title}>
              By workflow
            </h2>
            {!statistics && <Skeleton height={120} />}
            {statistics?.byWorkflow.length === 0 && <p className="sb-mute">No job ended in this time.</p>}
            {statistics && statistics.byWorkflow.length > 0 && (
              <WorkflowFigures workflows={statistics.byWorkflow} span={span} />
            )}
          </section>
        </>
      )}
    </div>
  );
}

function slugs(names: readonly { slug: string }[], chosen: string): string[] {
  const known = names.map(({ slug }) => slug);
  return chosen === '' || known.includes(chosen) ? known : [...known, chosen];
}

function Charts({ trend, each }: { trend: readonly TrendPoint[]; each: string | undefined }) {
  const times = trend.map(({ from }) => from);
  const values = (pick: (figures: Figures) => number | null) => trend.map(({ figures }) => pick(figures));
  return (
    <div className={classes.charts}>
      <Chart
        title="Jobs that ended"
        note={`per ${each}: completed, failed, cancelled`}
        kind="bars"
        times={times}
        format={(value) => value.toLocaleString('en')}
        series={[
          { label: 'completed', tone: 'completed', values: values(({ completed }) => completed) },
          { label: 'failed', tone: 'failed', values: values(({ failed }) => failed) },
          { label: 'cancelled', tone: 'cancelled', values: values(({ cancelled }) => cancelled) },
        ]}
      />
      <Chart
        title="Time to run"
        note="median, and p95 in pale"
        kind="lines"
        times={times}
        format={formatDuration}
        series={[
          { label: 'median', values: values(({ medianRunMs }) => medianRunMs) },
          { label: 'p95', values: values(({ p95RunMs }) => p95RunMs) },
        ]}
      />
      <Chart
        title="Time in the queue"
        note="median, and p95 in pale"
        kind="lines"
        times={times}
        format={formatDuration}
        series={[
          { label: 'median', values: values(({ medianQueueMs }) => medianQueueMs) },
          { label: 'p95', values: values(({ p95QueueMs }) => p95QueueMs) },
        ]}
      />
      <Chart
        title="Cost of models"
        note={trend.some(({ figures }) => Number(figures.cost.microUsd) > 0) ? `per ${each}` : 'no model was paid'}
        kind="bars"
        times={times}
        format={formatCost}
        series={[{ label: 'cost', values: values(({ cost }) => Number(cost.microUsd)) }]}
      />
    </div>
  );
}
