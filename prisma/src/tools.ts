/** The tools that workers offer to tool steps and agents, and the MCP servers that they have them from. */
import type { Database } from './client.ts';
import { servesTenant } from './serving-workers.ts';
import { storableJson } from './storable.ts';

export interface AdvertisedTool {
  /** As workflows write it. */
  name: string;
  title: string;
  description: string;
  /** The MCP server; null for a built-in tool. */
  server: string | null;
  inputSchema: object;
  outputSchema: object | null;
}

export const TOOL_SERVER_STATUSES = ['CONNECTING', 'READY', 'UNREACHABLE'] as const;
export type ToolServerStatus = (typeof TOOL_SERVER_STATUSES)[number];

export interface AdvertisedToolServer {
  name: string;
  transport: string;
  status: ToolServerStatus;
  problem: string | null;
}

/** Puts these in the place of everything that the worker has told before. */
export async function replaceWorkerTools(
  db: Database,
  workerId: string,
  tools: readonly AdvertisedTool[],
  servers: readonly AdvertisedToolServer[],
): Promise<void> {
  await db.pool.query(
    `WITH worker AS (SELECT id, tenant_id FROM worker WHERE id = $1),
     given_tool AS (
       SELECT * FROM jsonb_to_recordset($2::jsonb) AS t(name text, title text, description text, server text,
         "inputSchema" jsonb, "outputSchema" jsonb)
     ), given_server AS (
       SELECT * FROM jsonb_to_recordset($3::jsonb) AS s(name text, transport text, status tool_server_status, problem text)
     ), gone_tools AS (
       DELETE FROM worker_tool WHERE worker_id = $1 AND name NOT IN (SELECT name FROM given_tool)
     ), gone_servers AS (
       DELETE FROM worker_tool_server WHERE worker_id = $1 AND name NOT IN (SELECT name FROM given_server)
     ), servers AS (
       INSERT INTO worker_tool_server (worker_id, name, tenant_id, transport, status, problem)
       SELECT worker.id, s.name, worker.tenant_id, s.transport, s.status, s.problem FROM worker, given_server s
       ON CONFLICT (worker_id, name) DO UPDATE
       SET transport = excluded.transport, status = excluded.status, problem = excluded.problem
     )
     INSERT INTO worker_tool (worker_id, name, tenant_id, title, description, server, input_schema, output_schema)
     SELECT worker.id, t.name, worker.tenant_id, t.title, t.description, t.server, t."inputSchema", t."outputSchema"
     FROM worker, given_tool t
     ON CONFLICT (worker_id, name) DO UPDATE
     SET title = excluded.title, description = excluded.description, server = excluded.server,
       input_schema = excluded.input_schema, output_schema = excluded.output_schema`,
    [workerId, storableJson(tools), storableJson(servers)],
  );
}

export interface ToolRow extends AdvertisedTool {
  /** How many healthy workers offer it. */
  workers: number;
}

/** Every tool that was advertised, as its newest worker described it: the built-in ones first, then by name. */
export async function listTools(db: Database, tenantId: string, leaseSeconds: number): Promise<ToolRow[]> {
  const { rows } = await db.pool.query<ToolRow>({
    name: 'list-tools',
    text: `SELECT * FROM (
        SELECT DISTINCT ON (t.name) t.name, t.title, t.description, t.server, t.input_schema AS "inputSchema",
          t.output_schema AS "outputSchema",
          (count(*) FILTER (WHERE w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2))
            OVER (PARTITION BY t.name))::int AS workers
        FROM worker_tool t JOIN worker w ON w.id = t.worker_id
        WHERE ${servesTenant('t')} ORDER BY t.name, w.started_at DESC, w.id DESC
      ) newest ORDER BY server IS NOT NULL, name`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}

export interface ToolServerRow extends AdvertisedToolServer {
  workerId: string;
  workerName: string;
  tools: number;
}

/** The MCP servers of the healthy workers. */
export async function listToolServers(db: Database, tenantId: string, leaseSeconds: number): Promise<ToolServerRow[]> {
  const { rows } = await db.pool.query<ToolServerRow>({
    name: 'list-tool-servers',
    text: `SELECT s.name, s.transport, s.status, s.problem, w.id AS "workerId", w.name AS "workerName",
        (SELECT count(*)::int FROM worker_tool t WHERE t.worker_id = w.id AND t.server = s.name) AS tools
      FROM worker_tool_server s JOIN worker w ON w.id = s.worker_id
      WHERE ${servesTenant('s')} AND w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2)
      ORDER BY s.name, w.name, w.id`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}
