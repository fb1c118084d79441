/** What a move of many jobs would do, told from counts: however many there are, only a few of them are read. */
import type { PressedJob } from '@signalbox/core/lifecycle';
import type { Database } from './client.ts';
import { conditions, type JobFilter, parameters } from './job-filter.ts';

/** Jobs that every move treats alike, since all that decides about it is the same. */
export interface JobGroup extends PressedJob {
  count: number;
  /** Ids of the newest. */
  sample: string[];
}

/** The matching jobs by what decides which moves they take; `ids`, when given, narrows them to these. */
export async function groupJobs(
  db: Database,
  tenantId: string,
  filter: JobFilter,
  ids: readonly string[] | undefined,
  sampleSize: number,
): Promise<JobGroup[]> {
  const { values, bind } = parameters();
  const matching = conditions(tenantId, filter, bind);
  if (ids) matching.push(`job.id = ANY(${bind(ids)}::uuid[])`);
  const where = matching.join(' AND ');
  const { rows } = await db.pool.query<JobGroup>(
    // Marks are as old as a job has them; only whether there is one matters.
    `SELECT g.status, CASE WHEN g.cancelling THEN now() END AS "cancelRequestedAt", CASE WHEN g.pausing THEN now() END AS "pauseRequestedAt",
       g.count, ARRAY(
         SELECT job.id FROM job WHERE ${where} AND job.status = g.status
           AND (job.cancel_requested_at IS NOT NULL) = g.cancelling AND (job.pause_requested_at IS NOT NULL) = g.pausing
         ORDER BY job.id DESC LIMIT ${bind(sampleSize)}
       ) AS sample
     FROM (
       SELECT job.status, job.cancel_requested_at IS NOT NULL AS cancelling, job.pause_requested_at IS NOT NULL AS pausing,
         count(*)::int AS count
       FROM job WHERE ${where} GROUP BY 1, 2, 3
     ) g ORDER BY g.status, g.cancelling, g.pausing`,
    values,
  );
  return rows;
}
