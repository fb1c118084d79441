import { type Database, openDatabase } from '@signalbox/db/client';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { NOTHING, saveSteps } from '../contenders/bench-workflows.ts';

/** Fills a database with jobs that have ended, of five steps each. */
export async function fillWithJobs(databaseUrl: string, jobs: number): Promise<void> {
  const db: Database = openDatabase(databaseUrl, { applicationName: 'bench fill', maxConnections: 1 });
  try {
    const { version, workflowId } = await saveSteps(db, 'nothing', NOTHING);
    await db.pool.query(
      `INSERT INTO job (id, tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, status, input, output, total_steps,
         completed_steps, created_at, queued_at, started_at, completed_at)
       SELECT ('019c' || lpad(to_hex(n / 65536), 4, '0') || '-' || lpad(to_hex(n % 65536), 4, '0') || '-7000-8000-' || lpad(md5(n::text), 12))::uuid,
         $1, $2, $3, 'nothing', 'nothing', 'COMPLETED', '{}', '{}', 5, 5, at, at, at, at + interval '3 seconds'
       FROM generate_series(1, $4::int) AS many(n), LATERAL (SELECT now() - ($4::int - n) * interval '1 second' AS at) AS times`,
      [DEFAULT_TENANT_ID, workflowId, version, jobs],
    );
    await db.pool.query(
      `INSERT INTO job_step (id, tenant_id, job_id, key, index, name, type, status, started_at, completed_at, output)
       SELECT gen_random_uuid(), job.tenant_id, job.id, 'step' || n, n, 'Step ' || n, 'bench.nothing', 'COMPLETED', job.started_at, job.completed_at, '{}'
       FROM job, generate_series(0, 4) AS steps(n)`,
    );
    await db.pool.query('VACUUM ANALYZE job');
    await db.pool.query('VACUUM ANALYZE job_step');
  } finally {
    await db.close();
  }
}
