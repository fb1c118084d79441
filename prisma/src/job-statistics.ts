/** Jobs over time: how many were created when, how those ended that did, and what models cost meanwhile. */
import { JOB_STATUSES, type JobStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import type { Cost } from './cost.ts';
import { type Bind, conditions, JOB_PARTS, type JobFilter, parameters } from './job-filter.ts';
import type { StatusCount } from './job-list.ts';

/** From the first moment up to the second without it, in parts of the same length. */
export interface Period {
  from: Date;
  to: Date;
  buckets: number;
}

/** When a part begins; `bucket` may be as many as there are, for the end of the last. */
export function bucketStart({ buckets, from, to }: Period, bucket: number): Date {
  return new Date(from.getTime() + Math.ceil(((to.getTime() - from.getTime()) * bucket) / buckets));
}

function within(column: string, { from, to }: Period, bind: Bind): string {
  return `${column} >= ${bind(from)} AND ${column} < ${bind(to)}`;
}

/** The part of the period that a moment of it lies in, from 0; in whole milliseconds, as `bucketStart` counts. */
function bucketOf(column: string, { buckets, from, to }: Period, bind: Bind): string {
  const sinceStart = `(extract(epoch FROM ${column} - ${bind(from)}::timestamptz) * 1000)::bigint`;
  return `(${sinceStart} * ${bind(buckets)}::bigint / ${bind(to.getTime() - from.getTime())}::bigint)::int`;
}

/** Jobs by the part of the period in which they were created and by their status now; every part and every status is there. */
export async function countActivity(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  period: Period,
): Promise<StatusCount[][]> {
  const { values, bind } = parameters();
  const where = [...conditions(tenantId, filter, bind), within('job.created_at', period, bind)];
  const { rows } = await db.pool.query<StatusCount & { bucket: number }>(
    `SELECT ${bucketOf('created_at', period, bind)} AS bucket, status, count(*)::int AS count FROM (
       ${Object.values(JOB_PARTS)
         .map((part) => `SELECT job.created_at, job.status FROM job WHERE ${[...where, part].join(' AND ')}`)
         .join(' UNION ALL ')}
     ) created GROUP BY 1, 2`,
    values,
  );
  const counts = new Map<string, number>(rows.map(({ bucket, count, status }) => [`${bucket} ${status}`, count]));
  return Array.from({ length: period.buckets }, (_, bucket) =>
    JOB_STATUSES.map((status: JobStatus) => ({ status, count: counts.get(`${bucket} ${status}`) ?? 0 })),
  );
}

/** Of jobs that became final. Times are milliseconds; null when there is no job to measure. */
export interface JobFigures {
  completed: number;
  failed: number;
  cancelled: number;
  /** From the start to the end, of completed jobs. */
  averageRunMs: number | null;
  medianRunMs: number | null;
  p95RunMs: number | null;
  /** From the queue to the first start. */
  averageQueueMs: number | null;
  medianQueueMs: number | null;
  p95QueueMs: number | null;
}

export interface WorkflowFigures extends JobFigures {
  slug: string;
  name: string;
}

export interface JobStatistics {
  total: JobFigures;
  /** Of every part of the period. */
  trend: JobFigures[];
  /** The one with the most jobs first. */
  byWorkflow: WorkflowFigures[];
}

const NOTHING: JobFigures = {
  completed: 0,
  failed: 0,
  cancelled: 0,
  averageRunMs: null,
  medianRunMs: null,
  p95RunMs: null,
  averageQueueMs: null,
  medianQueueMs: null,
  p95QueueMs: null,
};

interface FiguresRow extends JobFigures {
  slug: string | null;
  name: string | null;
  bucket: number | null;
}

/** Figures of the matching jobs that became final within the period: of all, of each part, of each workflow (at most `mostWorkflows`). */
export async function readJobStatistics(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  period: Period,
  mostWorkflows: number,
): Promise<JobStatistics> {
  const { values, bind } = parameters();
  const where = [...conditions(tenantId, filter, bind), within('job.completed_at', period, bind)];
  const { rows } = await db.pool.query<FiguresRow>(
    `SELECT slug, max(name) AS name, bucket,
       count(*) FILTER (WHERE status = 'COMPLETED')::int AS completed,
       count(*) FILTER (WHERE status = 'FAILED')::int AS failed,
       count(*) FILTER (WHERE status = 'CANCELLED')::int AS cancelled,
       avg(run) AS "averageRunMs", avg(queued) AS "averageQueueMs",
       (percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY run))[1] AS "medianRunMs",
       (percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY run))[2] AS "p95RunMs",
       (percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY queued))[1] AS "medianQueueMs",
       (percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY queued))[2] AS "p95QueueMs"
     FROM (
       SELECT job.workflow_slug AS slug, job.workflow_name AS name, job.status,
         ${bucketOf('job.completed_at', period, bind)} AS bucket,
         CASE WHEN job.status = 'COMPLETED' THEN extract(epoch FROM job.completed_at - job.started_at)::float8 * 1000 END AS run,
         -- One that was queued again since it started tells nothing.
         CASE WHEN job.started_at >= job.queued_at THEN extract(epoch FROM job.started_at - job.queued_at)::float8 * 1000 END AS queued
       FROM job WHERE ${where.join(' AND ')}
     ) ended
     GROUP BY GROUPING SETS ((), (slug), (bucket))`,
    values,
  );
  const parts = new Map(rows.map((row) => [row.bucket, row]));
  const jobs = ({ cancelled, completed, failed }: JobFigures) => completed + failed + cancelled;
  return {
    total: rows.find((row) => row.slug === null && row.bucket === null) ?? NOTHING,
    trend: Array.from({ length: period.buckets }, (_, bucket) => parts.get(bucket) ?? NOTHING),
    byWorkflow: rows
      .flatMap((row) => (row.slug === null ? [] : [{ ...row, slug: row.slug, name: row.name ?? row.slug }]))
      .sort((one, other) => jobs(other) - jobs(one) || (one.slug < other.slug ? -1 : 1))
      .slice(0, mostWorkflows),
  };
}

/** What was spent on the matching jobs within the period, when it was spent: in all, and by part or workflow. */
export interface PeriodCosts {
  total: Cost;
  ofBucket(bucket: number): Cost;
  ofWorkflow(slug: string): Cost;
}

const FREE: Cost = { microUsd: 0n, inputTokens: 0n, outputTokens: 0n, unpricedModels: [], costPartial: false };

interface CostRow extends Record<'microUsd' | 'inputTokens' | 'outputTokens', string> {
  slug: string | null;
  bucket: number | null;
  unpricedModels: string[];
  costPartial: boolean;
}

export async function sumPeriodCosts(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  period: Period,
): Promise<PeriodCosts> {
  const { values, bind } = parameters();
  const where = [
    ...conditions(tenantId, filter, bind),
    `cost_entry.tenant_id = job.tenant_id`,
    within('cost_entry.at', period, bind),
  ];
  const { rows } = await db.pool.query<CostRow>(
    `SELECT slug, bucket, coalesce(sum(micro_usd), 0)::text AS "microUsd",
       coalesce(sum(input_tokens), 0)::text AS "inputTokens", coalesce(sum(output_tokens), 0)::text AS "outputTokens",
       coalesce(array_agg(DISTINCT model) FILTER (WHERE micro_usd IS NULL AND model IS NOT NULL), '{}') AS "unpricedModels",
       coalesce(bool_or(partial), false) AS "costPartial"
     FROM (
       SELECT job.workflow_slug AS slug, ${bucketOf('cost_entry.at', period, bind)} AS bucket,
         cost_entry.micro_usd, cost_entry.input_tokens, cost_entry.output_tokens, cost_entry.model, cost_entry.partial
       FROM cost_entry JOIN job ON job.id = cost_entry.job_id WHERE ${where.join(' AND ')}
     ) spent
     GROUP BY GROUPING SETS ((), (slug), (bucket))`,
    values,
  );
  const costs = new Map(
    rows.map(({ bucket, inputTokens, microUsd, outputTokens, slug, ...rest }) => [
      slug ?? bucket,
      { microUsd: BigInt(microUsd), inputTokens: BigInt(inputTokens), outputTokens: BigInt(outputTokens), ...rest },
    ]),
  );
  const of = (key: string | number | null) => costs.get(key) ?? FREE;
  return { total: of(null), ofBucket: of, ofWorkflow: of };
}
