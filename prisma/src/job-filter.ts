/** Which jobs are meant: the same filter for lists, counts, subscriptions and moves of many. */
import type { JobPriority, JobStatus } from '@signalbox/core/statuses';
import { escapeLike } from './like-pattern.ts';
import { storableText } from './storable.ts';

/** Everything given must hold. Null, absent and an empty list all mean: no restriction. */
export interface JobFilter {
  status?: readonly JobStatus[] | null;
  /** Slugs. */
  workflow?: readonly string[] | null;
  /** Part of the workflow's name or slug or of the subject, or the beginning or end of the job's id. */
  search?: string | null;
  subject?: string | null;
  /** All of them. */
  labels?: readonly string[] | null;
  priority?: readonly JobPriority[] | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
}

/** Adds a parameter and gives its placeholder. */
export type Bind = (value: unknown) => string;

export function parameters(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** Conditions over the row `job`, all of which must hold. */
export function conditions(tenantId: string, filter: JobFilter, bind: Bind): string[] {
  const all = [`job.tenant_id = ${bind(tenantId)}`];
  if (filter.status?.length) all.push(`job.status = ANY(${bind(filter.status)}::job_status[])`);
  if (filter.workflow?.length) all.push(`job.workflow_slug = ANY(${bind(filter.workflow.map(storableText))}::text[])`);
  if (filter.priority?.length) all.push(`job.priority = ANY(${bind(filter.priority)}::job_priority[])`);
  if (filter.labels?.length) {
    // The index holds only jobs that have labels, and has to be told.
    all.push(`job.labels <> '{}' AND job.labels @> ${bind(filter.labels.map(storableText))}::text[]`);
  }
  if (filter.subject != null) all.push(`job.subject = ${bind(storableText(filter.subject))}`);
  if (filter.createdAfter) all.push(`job.created_at > ${bind(filter.createdAfter)}`);
  if (filter.createdBefore) all.push(`job.created_at < ${bind(filter.createdBefore)}`);
  const search = filter.search?.trim();
  if (search) all.push(`(${searchConditions(search, bind).join(' OR ')})`);
  return all;
}

/** Shorter pieces of an id would match by accident. */
const PART_OF_AN_ID = /^[0-9a-f-]{3,36}$/i;

function searchConditions(search: string, bind: Bind): string[] {
  const contains = bind(`%${escapeLike(storableText(search))}%`);
  const any = [
    `job.workflow_name ILIKE ${contains}`,
    `job.workflow_slug ILIKE ${contains}`,
    `job.subject ILIKE ${contains}`,
  ];
  if (PART_OF_AN_ID.test(search)) {
    const part = bind(search.toLowerCase());
    any.push(`starts_with(job.id::text, ${part})`, `right(job.id::text, length(${part})) = ${part}`);
  }
  return any;
}
