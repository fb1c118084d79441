/** What workers say about their plugins, and with it which step types can be run: again each time that this changes. */
import type { Database } from './client.ts';
import { servesTenant } from './serving-workers.ts';
import { storableJson } from './storable.ts';

export interface AdvertisedStepType {
  type: string;
  title: string;
  description: string;
  icon: string | null;
  plugin: string;
  pluginVersion: string;
  configSchema: object;
  outputSchema: object | null;
  repeatable: boolean;
}

export type PluginStatus = 'LOADED' | 'REFUSED';

export interface AdvertisedPlugin {
  /** What the worker's settings say: a package or a path. */
  source: string;
  /** Its own name, or the source when it could not tell. */
  name: string;
  version: string | null;
  status: PluginStatus;
  /** Why it was refused; of one that is loaded, why its newest change was. */
  problem: string | null;
  /** Those that can be run. */
  stepTypes: string[];
}

/** Replaces all that the worker has said before, in one statement. */
export async function advertise(
  db: Database,
  workerId: string,
  stepTypes: readonly AdvertisedStepType[],
  plugins: readonly AdvertisedPlugin[],
): Promise<void> {
  await db.pool.query(
    `WITH speaker AS (
       SELECT id, tenant_id FROM worker WHERE id = $1
     ), step_type AS (
       SELECT t.* FROM jsonb_to_recordset($2::jsonb) AS t(type text, title text, description text, icon text, plugin text,
         "pluginVersion" text, "configSchema" jsonb, "outputSchema" jsonb, repeatable boolean)
     ), plugin AS (
       SELECT p.* FROM jsonb_to_recordset($3::jsonb) AS p(position int, source text, name text, version text,
         status plugin_status, problem text, "stepTypes" text[])
     ), withdrawn AS (
       DELETE FROM worker_step_type USING speaker WHERE worker_id = speaker.id AND type NOT IN (SELECT type FROM step_type)
     ), dropped AS (
       DELETE FROM worker_plugin USING speaker WHERE worker_id = speaker.id AND position NOT IN (SELECT position FROM plugin)
     ), reported AS (
       INSERT INTO worker_plugin (worker_id, position, tenant_id, source, name, version, status, problem, step_types)
       SELECT speaker.id, p.position, speaker.tenant_id, p.source, p.name, p.version, p.status, p.problem, p."stepTypes"
       FROM speaker, plugin p
       ON CONFLICT (worker_id, position) DO UPDATE SET source = excluded.source, name = excluded.name,
         version = excluded.version, status = excluded.status, problem = excluded.problem, step_types = excluded.step_types
     )
     INSERT INTO worker_step_type (worker_id, type, tenant_id, title, description, icon, plugin, plugin_version,
       config_schema, output_schema, repeatable)
     SELECT speaker.id, t.type, speaker.tenant_id, t.title, t.description, t.icon, t.plugin, t."pluginVersion",
       t."configSchema", t."outputSchema", t.repeatable
     FROM speaker, step_type t
     ON CONFLICT (worker_id, type) DO UPDATE SET title = excluded.title, description = excluded.description,
       icon = excluded.icon, plugin = excluded.plugin, plugin_version = excluded.plugin_version,
       config_schema = excluded.config_schema, output_schema = excluded.output_schema, repeatable = excluded.repeatable`,
    [workerId, storableJson(stepTypes), storableJson(plugins.map((plugin, position) => ({ ...plugin, position })))],
  );
}

export interface PluginRow extends AdvertisedPlugin {
  workerId: string;
  workerName: string;
}

/** The plugins of the healthy workers: by name, each worker's own. */
export async function listPlugins(db: Database, tenantId: string, leaseSeconds: number): Promise<PluginRow[]> {
  const { rows } = await db.pool.query<PluginRow>({
    name: 'list-plugins',
    text: `SELECT p.source, p.name, p.version, p.status, p.problem, p.step_types AS "stepTypes",
        w.id AS "workerId", w.name AS "workerName"
      FROM worker_plugin p JOIN worker w ON w.id = p.worker_id
      WHERE ${servesTenant('p')} AND w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2)
      ORDER BY p.name, w.name, w.id, p.position`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}
