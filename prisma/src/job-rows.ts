/**
 * Jobs of a list with their steps, as Prisma would give them, in one statement each. Lists are what the API is asked for most,
 * and Prisma takes several times as long to read and convert a page. Only columns whose values need no conversion are read so.
 */
import type { Database } from './client.ts';
import type { WorkflowHead } from './row-sides.ts';
import { statementName } from './statement-name.ts';

/** The order of the steps of a job, as Prisma is told it. */
export const TIMELINE_ORDER = [{ index: 'asc' as const }, { position: 'asc' as const }];
const TIMELINE_TEXT = JSON.stringify(TIMELINE_ORDER);

const JOB_COLUMNS = wordsOf(
  'id tenantId workflowId workflowVersion workflowSlug workflowName status priority cancelRequestedAt cancelForced',
  'pauseRequestedAt input output subject labels errorMessage errorCategory errorStepKey rerunOfId forkedFromId parentId',
  'parentStepId scheduleId depth totalSteps completedSteps currentStepKey stepPercent epoch queue concurrencyKey',
  'concurrencyLimit createdAt queuedAt startedAt completedAt updatedAt',
);
const STEP_COLUMNS = wordsOf(
  'id tenantId jobId key index position item name type uses reused status needs input output errorMessage errorCategory',
  'skippedBecause attemptNumber startedAt completedAt',
);

function wordsOf(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** What is read of each job, and of each of its steps when they are wanted. */
export interface PlainColumns {
  job: string[];
  steps?: string[];
}

/** The columns that a query of Prisma's selects; undefined when it asks for more than can be read here. */
export function plainColumns({ include, select }: { select?: object; include?: object }): PlainColumns | undefined {
  if (!select || include) return undefined;
  const { steps, ...own } = select as { steps?: { select?: object; orderBy?: object } };
  const job = selected(own, JOB_COLUMNS);
  if (!job || steps === undefined) return job && { job };
  const { orderBy, select: ofStep, ...rest } = steps;
  const step = ofStep && selected(ofStep, STEP_COLUMNS);
  const isTimeline = JSON.stringify(orderBy) === TIMELINE_TEXT && Object.keys(rest).length === 0;
  return step && isTimeline ? { job, steps: step } : undefined;
}

function selected(select: object, known: ReadonlySet<string>): string[] | undefined {
  const found: string[] = [];
  for (const [column, wanted] of Object.entries(select)) {
    if (wanted !== true || !known.has(column)) return undefined;
    found.push(column);
  }
  return found;
}

/** SQL of the columns of a job, its id among them, and of its workflow where that is named. */
export function jobColumnList(columns: readonly string[]): string {
  const list = columnList('job', [...new Set(['id', ...columns])]);
  return columns.includes('workflowId') ? `${list}, ${WORKFLOW_HEAD_OF_JOB}` : list;
}

/** A job as it is read here. */
export interface PlainJob {
  id: string;
  workflow?: WorkflowHead;
  steps?: object[];
}

const WORKFLOW_HEAD_OF_JOB = `
  (SELECT json_build_object('id', w.id, 'slug', w.slug, 'name', w.name, 'description', w.description,
     'currentVersion', w.current_version) FROM workflow w WHERE w.id = job.workflow_id) AS workflow`;

/** SQL of the columns of a table, named as Prisma names them. */
function columnList(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${table}.${snakeCase(column)} AS "${column}"`).join(', ');
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Puts its steps, in the order of the timeline, beside the columns of each job. */
export async function addSteps(db: Database, jobs: readonly PlainJob[], columns: readonly string[]): Promise<void> {
  const text = `
    SELECT job_step.job_id AS "of", ${columnList('job_step', columns)} FROM job_step
    WHERE job_step.job_id = ANY($1::uuid[]) ORDER BY job_step.job_id, job_step.index, job_step.position`;
  const values = [jobs.map(({ id }) => id)];
  const { rows } = await db.pool.query<{ of: string }>({ name: statementName(text), text, values });
  const byJob = new Map<string, object[]>();
  for (const row of rows) {
    const own = byJob.get(row.of);
    if (own) own.push(row);
    else byJob.set(row.of, [row]);
  }
  for (const job of jobs) job.steps = byJob.get(job.id) ?? [];
}

/** The jobs of the tenant among those. */
export async function readPlainJobs(
  db: Database,
  tenantId: string,
  ids: readonly string[],
  { job: columns, steps }: PlainColumns,
): Promise<PlainJob[]> {
  const text = `SELECT ${jobColumnList(columns)} FROM job WHERE job.tenant_id = $1 AND job.id = ANY($2::uuid[])`;
  const { rows } = await db.pool.query<PlainJob>({ name: statementName(text), text, values: [tenantId, ids] });
  if (steps && rows.length > 0) await addSteps(db, rows, steps);
  return rows;
}
