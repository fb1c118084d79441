/** What past runs of workflows took, and how far running jobs have come. */
import type { StepStatus } from '@signalbox/core/statuses';
import type { UsualRuns } from '@signalbox/core/usual-run';
import type { Database } from './client.ts';

export interface VersionAddress {
  workflowId: string;
  version: number;
}

/** Runs that are learnt from, and the newest jobs of a workflow that they are looked for among. */
const MOST_RUNS = 20;
const AMONG_JOBS = 500;
/** With fewer runs of its own version a job is compared with those of other versions too. */
const ENOUGH_RUNS = 5;

/**
 * How long the newest completed jobs of workflow versions took, at most 20 of each, in the order asked. Forks are left out: they
 * ran in part only.
 */
export async function readUsualRuns(
  db: Database,
  tenantId: string,
  versions: readonly VersionAddress[],
): Promise<UsualRuns[]> {
  const { rows } = await db.pool.query<{ place: number; runs: number[]; steps: Record<string, number[]> | null }>({
    name: 'usual-runs',
    text: USUAL_RUNS,
    values: [tenantId, versions.map(({ workflowId }) => workflowId), versions.map(({ version }) => version)],
  });
  const byPlace = new Map(rows.map((row) => [row.place, row]));
  return versions.map((_version, index) => {
    const found = byPlace.get(index + 1);
    return { runs: found?.runs ?? [], steps: new Map(Object.entries(found?.steps ?? {})) };
  });
}

const MS = (from: string, to: string) => `extract(epoch FROM ${to} - ${from})::float8 * 1000`;

const USUAL_RUNS = `
  WITH recent AS (
    SELECT asked.place, job.id,
      job.same, row_number() OVER (PARTITION BY asked.place, job.same ORDER BY job.id DESC) AS number,
      count(*) FILTER (WHERE job.same) OVER (PARTITION BY asked.place) AS alike
    FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked(workflow_id, version, place)
      JOIN workflow w ON w.id = asked.workflow_id AND w.tenant_id = $1,
    LATERAL (
      SELECT newest.id, newest.workflow_version = asked.version AS same FROM (
        SELECT id, workflow_version, status, forked_from_id FROM job
        WHERE tenant_id = $1 AND workflow_slug = w.slug ORDER BY id DESC LIMIT ${AMONG_JOBS}
      ) AS newest WHERE newest.status = 'COMPLETED' AND newest.forked_from_id IS NULL
    ) AS job
  ), run AS MATERIALIZED (
    SELECT place, id FROM recent WHERE number <= ${MOST_RUNS} AND (same OR alike < ${ENOUGH_RUNS})
  ), held AS (
    -- Asked for one by one: joined, all executions there are would be read.
    SELECT run.place, (SELECT sum(${MS('e.started_at', 'e.completed_at')}) FROM execution e WHERE e.job_id = run.id) AS ms FROM run
  ), step AS (
    SELECT run.place, s.key, jsonb_agg(took.ms ORDER BY took.ms) AS ms
    FROM run JOIN job_step s ON s.job_id = run.id AND s.position = 0,
    LATERAL (SELECT CASE WHEN s.status = 'SKIPPED' THEN 0 ELSE ${MS('s.started_at', 's.completed_at')} END AS ms) AS took
    WHERE took.ms IS NOT NULL GROUP BY run.place, s.key
  )
  SELECT held.place::int AS place, array_agg(held.ms ORDER BY held.ms) AS runs,
    (SELECT jsonb_object_agg(step.key, step.ms) FROM step WHERE step.place = held.place) AS steps
  FROM held WHERE held.ms IS NOT NULL GROUP BY held.place`;

/** How far a job has come. */
export interface RunSight {
  /** How long workers have held it, up to now where one does. */
  heldMs: number;
  /** The steps of its workflow, items of a list left out; `startedAt` is milliseconds since 1970. */
  steps: { key: string; needs: string[]; status: StepStatus; startedAt: number | null }[];
  /** By the clock that the times come from. */
  now: number;
}

export async function lookAtRuns(
  db: Database,
  tenantId: string,
  jobIds: readonly string[],
): Promise<Map<string, RunSight>> {
  const { rows } = await db.pool.query<RunSight & { jobId: string }>({
    name: 'look-at-runs',
    text: `
      SELECT j.id AS "jobId", extract(epoch FROM now())::float8 * 1000 AS now,
        (SELECT coalesce(sum(${MS('e.started_at', 'coalesce(e.completed_at, now())')}), 0) FROM execution e WHERE e.job_id = j.id) AS "heldMs",
        (SELECT coalesce(jsonb_agg(jsonb_build_object('key', s.key, 'needs', s.needs, 'status', s.status,
           'startedAt', extract(epoch FROM s.started_at)::float8 * 1000)), '[]')
         FROM job_step s WHERE s.job_id = j.id AND s.position = 0) AS steps
      FROM job j WHERE j.id = ANY($2::uuid[]) AND j.tenant_id = $1`,
    values: [tenantId, jobIds],
  });
  return new Map(rows.map(({ jobId, ...sight }) => [jobId, sight]));
}
