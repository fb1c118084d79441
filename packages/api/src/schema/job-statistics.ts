/** Jobs over time, for overviews and dashboards. */
import { JOB_STATUSES } from '@signalbox/core/statuses';
import type { Cost as CostShape } from '@signalbox/db/cost';
import type { StatusCount as StatusCountShape } from '@signalbox/db/job-list';
import {
  bucketStart,
  countActivity,
  type JobFigures as JobFiguresShape,
  type Period,
  readJobStatistics,
  sumPeriodCosts,
} from '@signalbox/db/job-statistics';
import { builder } from '../builder.ts';
import { requestError } from '../request-error.ts';
import { Cost } from './cost.ts';
import { JobFilter } from './job-filter.ts';
import { StatusCount } from './status-count.ts';

const MOST_BUCKETS = 120;
const USUAL_BUCKETS = 60;
const MOST_WORKFLOWS = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

const periodArgs = builder.args((t) => ({
  filter: t.field({ type: JobFilter, description: 'Which jobs; all when absent.' }),
  from: t.field({ type: 'DateTime', description: 'The beginning of the period; a day before its end when absent.' }),
  to: t.field({ type: 'DateTime', description: 'Its end, which does not belong to it; now when absent.' }),
  buckets: t.int({
    description: `Into how many parts of the same length it is divided, from 1 to ${MOST_BUCKETS}; ${USUAL_BUCKETS} when absent. Days from midnight to midnight are parts of their own when the period begins and ends at one.`,
  }),
}));

interface PeriodArgs {
  from?: Date | null;
  to?: Date | null;
  buckets?: number | null;
}

/** Throws a BAD_USER_INPUT error that names the argument. */
function readPeriod(args: PeriodArgs): Period {
  const to = args.to ?? new Date();
  const from = args.from ?? new Date(to.getTime() - DAY_MS);
  const buckets = args.buckets ?? USUAL_BUCKETS;
  if (from >= to) {
    throw requestError(
      `"from" (${from.toISOString()}) must be earlier than "to" (${to.toISOString()}, now unless it is given).`,
    );
  }
  if (buckets < 1 || buckets > MOST_BUCKETS) {
    throw requestError(
      `"buckets" must be from 1 to ${MOST_BUCKETS}, not ${buckets}. Ask for a shorter period instead.`,
    );
  }
  return { from, to, buckets };
}

const JobActivityBucket = builder
  .objectRef<{ from: Date; to: Date; counts: StatusCountShape[] }>('JobActivityBucket')
  .implement({
    description: 'The jobs that were created in one part of a period.',
    fields: (t) => ({
      from: t.expose('from', { type: 'DateTime', description: 'Its beginning.' }),
      to: t.expose('to', { type: 'DateTime', description: 'Its end, where the next one begins.' }),
      counts: t.field({
        type: [StatusCount],
        description: 'How many of them are in each state now, in the order of the life cycle, zeros included.',
        complexity: { field: 1, multiplier: JOB_STATUSES.length },
        resolve: ({ counts }) => counts,
      }),
      total: t.int({
        description: 'How many they are in all.',
        resolve: ({ counts }) => counts.reduce((sum, { count }) => sum + count, 0),
      }),
    }),
  });

builder.queryField('jobActivity', (t) =>
  t.field({
    type: [JobActivityBucket],
    description:
      'How many jobs were created in each part of a period, by what has become of them: for a strip above a list, in the order of time.',
    args: periodArgs,
    complexity: ({ buckets }: PeriodArgs) => ({ field: 50, multiplier: Math.max(1, buckets ?? USUAL_BUCKETS) }),
    resolve: async (_root, { filter, ...args }, { services, viewer }) => {
      const period = readPeriod(args);
      const parts = await countActivity(services.db, viewer.tenantId, filter ?? {}, period);
      return parts.map((counts, bucket) => ({
        from: bucketStart(period, bucket),
        to: bucketStart(period, bucket + 1),
        counts,
      }));
    },
  }),
);

interface Figures extends JobFiguresShape {
  hours: number;
  /** Read when somebody asks for it, and for all figures at once. */
  cost: () => Promise<CostShape>;
}

const JobFigures = builder.objectRef<Figures>('JobFigures').implement({
  description:
    'Of the jobs that became final in a period, or in a part of it. Times are milliseconds, and null when no job is there to measure.',
  fields: (t) => ({
    completed: t.exposeInt('completed', { description: 'How many were COMPLETED.' }),
    failed: t.exposeInt('failed', { description: 'How many FAILED.' }),
    cancelled: t.exposeInt('cancelled', { description: 'How many were CANCELLED.' }),
    jobsPerHour: t.float({
      description: 'How many became final in an hour, whatever their end.',
      resolve: ({ cancelled, completed, failed, hours }) => (completed + failed + cancelled) / hours,
    }),
    successRate: t.float({
      nullable: true,
      description:
        'Which part of those that completed or failed was completed, from 0 to 1; null when there is none. Cancelled ones do not count.',
      resolve: ({ completed, failed }) => (completed + failed === 0 ? null : completed / (completed + failed)),
    }),
    averageRunMs: t.exposeFloat('averageRunMs', {
      nullable: true,
      description: 'How long completed jobs took from their start to their end, on average.',
    }),
    medianRunMs: t.exposeFloat('medianRunMs', { nullable: true, description: 'Half of them took at most this.' }),
    p95RunMs: t.exposeFloat('p95RunMs', { nullable: true, description: 'All but one in twenty took at most this.' }),
    averageQueueMs: t.exposeFloat('averageQueueMs', {
      nullable: true,
      description:
        'How long jobs stood in the queue before they started, on average; those that were queued again since do not count.',
    }),
    medianQueueMs: t.exposeFloat('medianQueueMs', {
      nullable: true,
      description: 'Half of them stood there so long at most.',
    }),
    p95QueueMs: t.exposeFloat('p95QueueMs', {
      nullable: true,
      description: 'All but one in twenty stood there so long at most.',
    }),
    cost: t.field({
      type: Cost,
      description: 'What models cost in this time, in whatever matching job, also in those that go on.',
      resolve: ({ cost }) => cost(),
    }),
  }),
});

const JobTrendPoint = builder.objectRef<{ from: Date; to: Date; figures: Figures }>('JobTrendPoint').implement({
  description: 'One part of a period, and the jobs that became final in it.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'Its beginning.' }),
    to: t.expose('to', { type: 'DateTime', description: 'Its end, where the next one begins.' }),
    figures: t.field({ type: JobFigures, description: 'The figures.', resolve: ({ figures }) => figures }),
  }),
});

const WorkflowFigures = builder
  .objectRef<{ slug: string; name: string; figures: Figures }>('WorkflowFigures')
  .implement({
    description: 'The jobs of one workflow that became final in a period.',
    fields: (t) => ({
      slug: t.exposeString('slug', { description: 'The workflow, as `JobFilter.workflow` takes it.' }),
      name: t.exposeString('name', { description: 'Its name, as of one of these jobs.' }),
      figures: t.field({ type: JobFigures, description: 'The figures.', resolve: ({ figures }) => figures }),
    }),
  });

interface Statistics {
  period: Period;
  total: Figures;
  trend: Figures[];
  byWorkflow: { slug: string; name: string; figures: Figures }[];
}

const JobStatistics = builder.objectRef<Statistics>('JobStatistics').implement({
  description: 'How jobs ended in a period, how long they took and stood in the queue, and what models cost.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'The beginning of the period.',
      resolve: ({ period }) => period.from,
    }),
    to: t.field({ type: 'DateTime', description: 'Its end.', resolve: ({ period }) => period.to }),
    total: t.field({ type: JobFigures, description: 'Of the whole period.', resolve: ({ total }) => total }),
    trend: t.field({
      type: [JobTrendPoint],
      description: 'Of each of its parts, in the order of time.',
      complexity: { field: 1, multiplier: USUAL_BUCKETS },
      resolve: ({ period, trend }) =>
        trend.map((figures, bucket) => ({
          from: bucketStart(period, bucket),
          to: bucketStart(period, bucket + 1),
          figures,
        })),
    }),
    byWorkflow: t.field({
      type: [WorkflowFigures],
      description: `Of each workflow, the one with the most jobs first; at most ${MOST_WORKFLOWS}.`,
      complexity: { field: 1, multiplier: 20 },
      resolve: ({ byWorkflow }) => byWorkflow,
    }),
  }),
});

builder.queryField('jobStatistics', (t) =>
  t.field({
    type: JobStatistics,
    description: 'How the jobs ended that became final in a period: in all, over time and by workflow.',
    args: periodArgs,
    complexity: 100,
    resolve: async (_root, { filter, ...args }, { services: { db }, viewer: { tenantId } }) => {
      const period = readPeriod(args);
      const chosen = filter ?? {};
      const found = await readJobStatistics(db, tenantId, chosen, period, MOST_WORKFLOWS);
      let costs: ReturnType<typeof sumPeriodCosts> | undefined;
      const readCosts = () => (costs ??= sumPeriodCosts(db, tenantId, chosen, period));
      const hours = (period.to.getTime() - period.from.getTime()) / HOUR_MS;
      return {
        period,
        total: { ...found.total, hours, cost: async () => (await readCosts()).total },
        trend: found.trend.map((figures, bucket) => ({
          ...figures,
          hours: hours / period.buckets,
          cost: async () => (await readCosts()).ofBucket(bucket),
        })),
        byWorkflow: found.byWorkflow.map(({ slug, name, ...figures }) => ({
          slug,
          name,
          figures: { ...figures, hours, cost: async () => (await readCosts()).ofWorkflow(slug) },
        })),
      };
    },
  }),
);
