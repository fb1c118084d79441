import type { Database } from './client.ts';
import type { OpenWait } from './waits.ts';

/** One thing that a WAITING job waits for, for people. */
export interface WaitSight {
  jobId: string;
  stepId: string;
  stepKey: string;
  kind: OpenWait['kind'];
  /** When it ends by itself. */
  wakeAt: Date | null;
  /** Of an approval. */
  message: string | null;
  /** The job whose end is waited for; null when it is gone. */
  child: { id: string; workflow: string } | null;
}

const SIGHT = `w.job_id AS "jobId", s.id AS "stepId", s.key AS "stepKey", w.kind, w.wake_at AS "wakeAt", w.message,
  CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('id', c.id, 'workflow', c.workflow_slug) END AS child`;

/** What jobs wait for that are WAITING: by job, and in the order of their steps. */
export async function lookAtWaits(
  db: Database,
  tenantId: string,
  jobIds: readonly string[],
): Promise<Map<string, WaitSight[]>> {
  const { rows } = await db.pool.query<WaitSight>({
    name: 'look-at-waits',
    text: `
      SELECT ${SIGHT}
      FROM job j JOIN step_wait w ON w.job_id = j.id JOIN job_step s ON s.id = w.step_id LEFT JOIN job c ON c.id = w.child_job_id
      WHERE j.id = ANY($2::uuid[]) AND j.tenant_id = $1 AND j.status = 'WAITING' AND s.status = 'WAITING'
      ORDER BY s.index, s.position`,
    values: [tenantId, jobIds],
  });
  const byJob = new Map<string, WaitSight[]>();
  for (const row of rows) byJob.set(row.jobId, [...(byJob.get(row.jobId) ?? []), row]);
  return byJob;
}

/** What steps wait for that are WAITING, whether their job is or not. */
export async function lookAtStepWaits(
  db: Database,
  tenantId: string,
  stepIds: readonly string[],
): Promise<Map<string, WaitSight>> {
  const { rows } = await db.pool.query<WaitSight>({
    name: 'look-at-step-waits',
    text: `
      SELECT ${SIGHT}
      FROM job_step s JOIN step_wait w ON w.step_id = s.id LEFT JOIN job c ON c.id = w.child_job_id
      WHERE s.id = ANY($2::uuid[]) AND s.tenant_id = $1 AND s.status = 'WAITING'`,
    values: [tenantId, stepIds],
  });
  return new Map(rows.map((row) => [row.stepId, row]));
}
