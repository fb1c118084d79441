/** Which jobs are meant: the same filter for lists, counts, subscriptions and moves of many. */
import { isFinalJobStatus, JOB_STATUSES, type JobPriority, type JobStatus } from '@signalbox/core/statuses';
import { FilterError } from './failures.ts';
import { isId } from './ids.ts';
import { type JsonMatch, jsonConditions } from './json-match.ts';
import { escapeLike } from './like-pattern.ts';
import { storableText } from './storable.ts';

/** Everything given must hold. Null, absent and an empty list all mean: no restriction. */
export interface JobFilter {
  status?: readonly JobStatus[] | null;
  /** Slugs. */
  workflow?: readonly string[] | null;
  /** Ids. */
  schedule?: readonly string[] | null;
  /** Part of the workflow's name or slug, of the subject, of a label or of the error; or the beginning or end of the job's id. */
  search?: string | null;
  subject?: string | null;
  /** All of them. */
  labels?: readonly string[] | null;
  priority?: readonly JobPriority[] | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
  input?: readonly JsonMatch[] | null;
  output?: readonly JsonMatch[] | null;
}

/** Each is a condition of its own, which may have to be looked at for each job. */
const MOST_PLACES = 50;

/** Throws FilterError. */
export function checkFilter({ input, output }: JobFilter): void {
  const places = (input?.length ?? 0) + (output?.length ?? 0);
  if (places > MOST_PLACES)
    throw new FilterError(
      `A filter looks at ${MOST_PLACES} places of the input and the output at most, and this one at ${places}.`,
    );
}

/** Adds a parameter and gives its placeholder. */
export type Bind = (value: unknown) => string;

export function parameters(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** Conditions over the row `job`, all of which must hold. Throws FilterError. */
export function conditions(tenantId: string, filter: JobFilter, bind: Bind): string[] {
  checkFilter(filter);
  const all = [`job.tenant_id = ${bind(tenantId)}`];
  if (filter.status?.length) all.push(`job.status = ANY(${bind(filter.status)}::job_status[])`);
  if (filter.workflow?.length) all.push(`job.workflow_slug = ANY(${bind(filter.workflow.map(storableText))}::text[])`);
  if (filter.schedule?.length) {
    // The index holds only jobs that a schedule made, and has to be told.
    all.push(`job.schedule_id IS NOT NULL AND job.schedule_id = ANY(${bind(filter.schedule.filter(isId))}::uuid[])`);
  }
  if (filter.priority?.length) all.push(`job.priority = ANY(${bind(filter.priority)}::job_priority[])`);
  if (filter.labels?.length) {
    // The index holds only jobs that have labels, and has to be told.
    all.push(`job.labels <> '{}' AND job.labels @> ${bind(filter.labels.map(storableText))}::text[]`);
  }
  if (filter.subject != null) all.push(`job.subject = ${bind(storableText(filter.subject))}`);
  if (filter.createdAfter) all.push(`job.created_at > ${bind(filter.createdAfter)}`);
  if (filter.createdBefore) all.push(`job.created_at < ${bind(filter.createdBefore)}`);
  for (const match of filter.input ?? []) all.push(...jsonConditions('job.input', match, JOB_PARTS, bind));
  for (const match of filter.output ?? []) all.push(...jsonConditions('job.output', match, JOB_PARTS, bind));
  const search = filter.search?.trim();
  if (search) all.push(searchCondition(search, bind));
  return all;
}

/** As constants, so that the partial index of unfinished jobs serves. */
export const UNFINISHED = JOB_STATUSES.filter((status) => !isFinalJobStatus(status))
  .map((status) => `'${status}'`)
  .join(', ');

/**
 * The two kinds of jobs that are searched in different ways. What finds a job by its texts and values is indexed once it is
 * final, since each change of status of a job gives every index that it is in a new entry; the unfinished ones are looked at
 * one by one.
 */
export const JOB_PARTS = { final: 'job.completed_at IS NOT NULL', unfinished: `job.status IN (${UNFINISHED})` };

/** Shorter pieces of an id would match by accident. */
const PART_OF_AN_ID = /^[0-9a-f-]{3,36}$/i;
const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function searchCondition(search: string, bind: Bind): string {
  const contains = bind(`%${escapeLike(storableText(search))}%`);
  const searched = [
    `job.workflow_name ILIKE ${contains}`,
    `job.workflow_slug ILIKE ${contains}`,
    `job.subject ILIKE ${contains}`,
    `job.error_message ILIKE ${contains}`,
    `(job.labels <> '{}' AND signalbox_label_text(job.labels) ILIKE ${contains})`,
  ];
  const ways: string[] = [];
  if (PART_OF_AN_ID.test(search)) {
    const part = search.toLowerCase();
    searched.push(`reverse(job.id::text) LIKE ${bind(`${Array.from(part).reverse().join('')}%`)}`);
    const [least, most] = ['0', 'f'].map(
      (digit) => part + `${'#'.repeat(8)}-####-####-####-${'#'.repeat(12)}`.replaceAll('#', digit).slice(part.length),
    );
    if (least && most && WHOLE_ID.test(least)) ways.push(`job.id BETWEEN ${bind(least)}::uuid AND ${bind(most)}::uuid`);
  }
  ways.push(...searched.map((condition) => `(${JOB_PARTS.final} AND ${condition})`));
  ways.push(`(${JOB_PARTS.unfinished} AND (${searched.join(' OR ')}))`);
  return `(${ways.join(' OR ')})`;
}
