/** The floor of a page of jobs: two prepared statements, put together in JavaScript and sent as JSON by plain node:http. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import pg from 'pg';
import { serveProgram } from './served.ts';

interface Step {
  job_id: string;
}

let pool: pg.Pool;

async function page(after: string | null) {
  const { rows: jobs } = await pool.query<{ id: string }>({
    name: 'jobs',
    text: `SELECT id, status, priority, subject, created_at AS "createdAt", started_at AS "startedAt", completed_at AS "completedAt",
             json_build_object('slug', workflow_slug, 'name', workflow_name) AS workflow
           FROM job WHERE tenant_id = $1 AND id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY id DESC LIMIT 51`,
    values: [DEFAULT_TENANT_ID, after],
  });
  const nodes = jobs.slice(0, 50);
  const { rows: steps } = await pool.query<Step>({
    name: 'steps',
    text: `SELECT job_id, key, name, status, started_at AS "startedAt", completed_at AS "completedAt"
           FROM job_step WHERE job_id = ANY($1::uuid[]) ORDER BY job_id, index, position`,
    values: [nodes.map(({ id }) => id)],
  });
  const byJob = new Map<string, Omit<Step, 'job_id'>[]>();
  for (const { job_id: jobId, ...step } of steps) {
    const own = byJob.get(jobId);
    if (own) own.push(step);
    else byJob.set(jobId, [step]);
  }
  const edges = nodes.map((job) => ({ node: { ...job, steps: byJob.get(job.id) ?? [] } }));
  return { data: { jobs: { pageInfo: { hasNextPage: jobs.length > 50, endCursor: nodes.at(-1)?.id }, edges } } };
}

const server = createServer(async (request, response) => {
  const { variables } = (await json(request)) as { variables: { after: string | null } };
  const text = JSON.stringify(await page(variables.after));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text);
});

serveProgram(async ({ databaseUrl }: { databaseUrl: string }) => {
  pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
