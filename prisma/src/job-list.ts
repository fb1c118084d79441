/** Lists of jobs: orders, pages by key, counts. Pages give ids and the columns asked for; what else is needed is read by id. */
import { JOB_STATUSES, type JobStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { type Bind, conditions, type JobFilter, parameters, UNFINISHED } from './job-filter.ts';
import { jobColumnList, type PlainJob } from './job-rows.ts';
import { statementName } from './statement-name.ts';

export type JobOrderField = 'CREATED_AT' | 'STARTED_AT' | 'COMPLETED_AT' | 'DURATION' | 'PRIORITY';

export interface JobOrder {
  field: JobOrderField;
  direction: 'ASC' | 'DESC';
}

/** Where a job stands in an order. The value is text as PostgreSQL writes it; null when the job has none yet. */
export interface JobPosition {
  value: string | null;
  id: string;
}

export interface JobPageRequest {
  filter: JobFilter;
  order: JobOrder;
  after?: JobPosition;
  before?: JobPosition;
  limit: number;
  /** True reads the last rows before `before`; the answer is in the order asked for all the same. */
  backward: boolean;
  /** Also how many match in all, whatever the page. */
  counted?: boolean;
  /** What else to give of each job; none unless told. */
  columns?: readonly string[];
  /** The instant at which the durations of unfinished jobs are measured, so that pages of one list fit together. */
  asOf: Date;
}

interface OrderColumn {
  /** SQL over the row `job`; undefined orders by id alone, which is the order of creation. */
  value?: (bind: Bind, asOf: Date) => string;
  type?: string;
  nullable?: boolean;
}

const ORDER_COLUMNS: Record<JobOrderField, OrderColumn> = {
  CREATED_AT: {},
  STARTED_AT: { value: () => 'job.started_at', type: 'timestamptz', nullable: true },
  COMPLETED_AT: { value: () => 'job.completed_at', type: 'timestamptz', nullable: true },
  DURATION: {
    // As it was at that moment, also for a job that has started or ended since: it must not change its place between two pages.
    value: (bind, asOf) => {
      const at = `${bind(asOf)}::timestamptz`;
      return `CASE WHEN job.started_at <= ${at} THEN extract(epoch FROM least(job.completed_at, ${at}) - job.started_at) END`;
    },
    type: 'numeric',
    nullable: true,
  },
  PRIORITY: { value: () => 'job.priority', type: 'job_priority' },
};

/** The place of a job, with the columns of it that were asked for. */
export type ListedJob = JobPosition & PlainJob;

export interface JobPositions {
  positions: ListedJob[];
  /** How many match; undefined when nobody asked, and when the page is empty. */
  total?: number;
}

/** One page of positions, in the order asked for. Jobs without a value (not started, say) come last in either direction. */
export async function readJobPage(db: Database, tenantId: string, request: JobPageRequest): Promise<JobPositions> {
  const column = ORDER_COLUMNS[request.order.field];
  const parts: ('valued' | 'valueless')[] = column.nullable ? ['valued', 'valueless'] : ['valued'];
  if (request.backward) parts.reverse();
  const page: (ListedJob & { total?: number })[] = [];
  for (const part of parts) {
    const missing = request.limit - page.length;
    const counted = request.counted && page.length === 0;
    if (missing > 0)
      page.push(...(await readPart(db, tenantId, { ...request, counted }, column, parts, part, missing)));
  }
  const total = page[0]?.total;
  return { positions: request.backward ? page.reverse() : page, total };
}

async function readPart(
  db: Database,
  tenantId: string,
  request: JobPageRequest,
  column: OrderColumn,
  parts: readonly string[],
  part: 'valued' | 'valueless',
  limit: number,
): Promise<(ListedJob & { total?: number })[]> {
  const { values, bind } = parameters();
  const where = conditions(tenantId, request.filter, bind);
  const total = request.counted ? `, (SELECT count(*)::int FROM job WHERE ${where.join(' AND ')}) AS total` : '';
  const value = part === 'valued' ? column.value?.(bind, request.asOf) : undefined;
  if (column.nullable)
    where.push(`${column.value?.(bind, request.asOf)} IS ${part === 'valued' ? 'NOT NULL' : 'NULL'}`);

  // All in the order of reading, which runs against the order asked for when the page is read backward.
  const descending = (request.order.direction === 'DESC') !== request.backward;
  const [start, stop] = request.backward ? [request.before, request.after] : [request.after, request.before];
  const bounds = [
    { bound: start, operator: descending ? '<' : '>', excluded: (distance: number) => distance < 0 },
    { bound: stop, operator: descending ? '>' : '<', excluded: (distance: number) => distance > 0 },
  ];
  for (const { bound, operator, excluded } of bounds) {
    if (!bound) continue;
    const boundPart = column.nullable && bound.value === null ? 'valueless' : 'valued';
    const distance = parts.indexOf(part) - parts.indexOf(boundPart);
    if (excluded(distance)) return [];
    if (distance !== 0) continue;
    const id = `${bind(bound.id)}::uuid`;
    where.push(
      value
        ? `(${value}, job.id) ${operator} (${bind(bound.value)}::text::${column.type}, ${id})`
        : `job.id ${operator} ${id}`,
    );
  }

  const direction = descending ? 'DESC' : 'ASC';
  const text = `
    SELECT ${jobColumnList(request.columns ?? [])}, ${value ? `(${value})::text` : 'NULL'} AS value${total}
    FROM job WHERE ${where.join(' AND ')}
    ORDER BY ${value ? `${value} ${direction}, ` : ''}job.id ${direction} LIMIT ${limit}`;
  const { rows } = await db.pool.query<ListedJob & { total?: number }>({ name: statementName(text), text, values });
  return rows;
}

export async function countJobs(db: Database, tenantId: string, filter: JobFilter): Promise<number> {
  const { values, bind } = parameters();
  const { rows } = await db.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM job WHERE ${conditions(tenantId, filter, bind).join(' AND ')}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

export interface StatusCount {
  status: JobStatus;
  count: number;
}

/** How many jobs match, for every status in the order of the life cycle. */
export async function countJobsByStatus(db: Database, tenantId: string, filter: JobFilter): Promise<StatusCount[]> {
  const { values, bind } = parameters();
  const { rows } = await db.pool.query<StatusCount>(
    `SELECT job.status, count(*)::int AS count FROM job
     WHERE ${conditions(tenantId, filter, bind).join(' AND ')} GROUP BY job.status`,
    values,
  );
  const counts = new Map(rows.map((row) => [row.status, row.count]));
  return JOB_STATUSES.map((status) => ({ status, count: counts.get(status) ?? 0 }));
}

/** The jobs that match, the oldest first, at most `limit`. */
export async function listMatchingJobs(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  limit: number,
): Promise<string[]> {
  const { values, bind } = parameters();
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT job.id FROM job WHERE ${conditions(tenantId, filter, bind).join(' AND ')} ORDER BY job.id LIMIT ${bind(limit)}`,
    values,
  );
  return rows.map((row) => row.id);
}

/** Those of the given jobs that match. */
export async function selectMatchingJobs(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  ids: readonly string[],
): Promise<Set<string>> {
  const { values, bind } = parameters();
  const where = [...conditions(tenantId, filter, bind), `job.id = ANY(${bind(ids)}::uuid[])`];
  const { rows } = await db.pool.query<{ id: string }>(`SELECT job.id FROM job WHERE ${where.join(' AND ')}`, values);
  return new Set(rows.map((row) => row.id));
}

/** The newest matching jobs that are not at their end, or came to it within the last minute; oldest first. */
export async function listLiveJobs(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  limit: number,
): Promise<string[]> {
  const { values, bind } = parameters();
  const matching = conditions(tenantId, filter, bind).join(' AND ');
  const newest = `ORDER BY job.id DESC LIMIT ${bind(limit)}`;
  const { rows } = await db.pool.query<{ id: string }>(
    `SELECT id FROM (
       (SELECT job.id FROM job WHERE ${matching} AND job.status IN (${UNFINISHED}) ${newest})
       UNION
       (SELECT job.id FROM job WHERE ${matching} AND job.completed_at > now() - interval '1 minute' ${newest})
     ) job ${newest}`,
    values,
  );
  return rows.map((row) => row.id).reverse();
}
