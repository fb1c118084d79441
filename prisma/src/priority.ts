import { fromStates } from '@signalbox/core/lifecycle';
import type { JobPriority } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { isId } from './ids.ts';
import { refusal, unknownJob } from './jobs.ts';
import { addTask } from './queue.ts';

/**
 * Changes the place of a job among those that wait; a QUEUED one keeps its age within the new priority. Throws NotFoundError,
 * ConflictError once a worker has it or it is final.
 */
export async function setJobPriority(db: Database, tenantId: string, id: string, priority: JobPriority): Promise<void> {
  if (!isId(id)) throw unknownJob(id);
  const { rows } = await db.pool.query({
    name: 'set-job-priority',
    text: `
      WITH touched AS (
        UPDATE job SET priority = $3::job_priority, updated_at = now()
        WHERE id = $1 AND tenant_id = $2 AND status = ANY($4::job_status[])
        RETURNING id, tenant_id, status, priority, queue, queued_at
      ), event AS (
        INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'prioritised' FROM touched
      )
      SELECT id, CASE WHEN status = 'QUEUED' THEN (${addTask('touched', 'touched.queued_at')}).id END AS task FROM touched`,
    values: [id, tenantId, priority, fromStates('setPriority')],
  });
  if (!rows[0]) throw await refusal(db.pool, tenantId, id, 'given another priority');
}
