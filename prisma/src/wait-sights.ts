import type { Database } from './client.ts';
import type { OpenWait } from './waits.ts';

/** One thing that a WAITING job waits for, for people. */
export interface WaitSight {
  jobId: string;
  stepKey: string;
  kind: OpenWait['kind'];
  /** When it ends by itself. */
  wakeAt: Date | null;
  /** Of an approval. */
  message: string | null;
  /** The job whose end is waited for; null when it is gone. */
  child: { id: string; workflow: string } | null;
}

/** What jobs wait for that are WAITING: by job, and in the order of their steps. */
export async function lookAtWaits(
  db: Database,
  tenantId: string,
  jobIds: readonly string[],
): Promise<Map<string, WaitSight[]>> {
  const { rows } = await db.pool.query<WaitSight>({
    name: 'look-at-waits',
    text: `
      SELECT w.job_id AS "jobId", s.key AS "stepKey", w.kind, w.wake_at AS "wakeAt", w.message,
        CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('id', c.id, 'workflow', c.workflow_slug) END AS child
      FROM job j JOIN step_wait w ON w.job_id = j.id JOIN job_step s ON s.id = w.step_id LEFT JOIN job c ON c.id = w.child_job_id
      WHERE j.id = ANY($2::uuid[]) AND j.tenant_id = $1 AND j.status = 'WAITING' AND s.status = 'WAITING'
      ORDER BY s.index, s.position`,
    values: [tenantId, jobIds],
  });
  const byJob = new Map<string, WaitSight[]>();
  for (const row of rows) byJob.set(row.jobId, [...(byJob.get(row.jobId) ?? []), row]);
  return byJob;
}
