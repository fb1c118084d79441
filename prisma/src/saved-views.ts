/** Lists that people have named: a filter, an order and columns, for themselves or for everybody of the tenant. */
import type { Database } from './client.ts';
import { ConflictError, NotFoundError } from './failures.ts';
import { isId, newId } from './ids.ts';
import type { JobFilter } from './job-filter.ts';
import type { JobOrder } from './job-list.ts';
import { storableJson, storableText } from './storable.ts';

export const MOST_SAVED_VIEWS = 200;

export interface ViewContent {
  name: string;
  filter: JobFilter;
  orderBy: JobOrder | null;
  columns: string[];
  shared: boolean;
}

export interface SavedViewRow {
  id: string;
  name: string;
  /** As JSON, so that moments are texts. */
  filter: object;
  orderBy: object | null;
  columns: string[];
  shared: boolean;
  owner: string;
  ownerName: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Who asks for a view. */
export interface ViewOwner {
  tenantId: string;
  owner: string;
  /** For people to read. */
  ownerName: string;
}

const COLUMNS = `id, name, filter, order_by AS "orderBy", columns, shared, owner, owner_name AS "ownerName", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** One's own and those that others share, by name. */
export async function listSavedViews(db: Database, { owner, tenantId }: ViewOwner): Promise<SavedViewRow[]> {
  const { rows } = await db.pool.query<SavedViewRow>({
    name: 'list-saved-views',
    text: `SELECT ${COLUMNS} FROM saved_view WHERE tenant_id = $1 AND (owner = $2 OR shared) ORDER BY name, owner_name, owner`,
    values: [tenantId, owner],
  });
  return rows;
}

/** Stores a view, in the place of an older one of the same owner and name. Throws ConflictError when the owner has too many. */
export async function saveView(
  db: Database,
  { owner, ownerName, tenantId }: ViewOwner,
  { columns, filter, name, orderBy, shared }: ViewContent,
): Promise<SavedViewRow> {
  const { rows } = await db.pool.query<SavedViewRow>({
    name: 'save-view',
    text: `INSERT INTO saved_view (id, tenant_id, owner, name, filter, order_by, columns, shared, owner_name)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
           WHERE (SELECT count(*) FROM saved_view WHERE tenant_id = $2 AND owner = $3 AND name <> $4) < ${MOST_SAVED_VIEWS}
           ON CONFLICT (tenant_id, owner, name) DO UPDATE SET filter = excluded.filter, order_by = excluded.order_by,
             columns = excluded.columns, shared = excluded.shared,
             owner_name = excluded.owner_name, updated_at = now()
           RETURNING ${COLUMNS}`,
    values: [
      newId(),
      tenantId,
      owner,
      storableText(name),
      storableJson(filter),
      orderBy && storableJson(orderBy),
      columns.map(storableText),
      shared,
      storableText(ownerName),
    ],
  });
  if (rows[0]) return rows[0];
  throw new ConflictError(`You have ${MOST_SAVED_VIEWS} saved views, and more are not kept. Delete some first.`);
}

/** Gives one's own view another name. Throws NotFoundError, and ConflictError when another one has that name. */
export async function renameView(
  db: Database,
  { owner, tenantId }: ViewOwner,
  id: string,
  name: string,
): Promise<SavedViewRow> {
  if (!isId(id)) throw unknownView(id);
  const { rows } = await db.pool.query<SavedViewRow>({
    name: 'rename-view',
    text: `UPDATE saved_view SET name = $4, updated_at = now() WHERE id = $1 AND tenant_id = $2 AND owner = $3
             AND NOT EXISTS (SELECT FROM saved_view o WHERE o.tenant_id = $2 AND o.owner = $3 AND o.name = $4 AND o.id <> $1)
           RETURNING ${COLUMNS}`,
    values: [id, tenantId, owner, storableText(name)],
  });
  if (rows[0]) return rows[0];
  const own = await db.pool.query('SELECT FROM saved_view WHERE id = $1 AND tenant_id = $2 AND owner = $3', [
    id,
    tenantId,
    owner,
  ]);
  if (!own.rowCount) throw unknownView(id);
  throw new ConflictError(`You have another view with the name "${name}".`);
}

/** Removes one's own view, or any shared one when `anybodys` says so. Throws NotFoundError. */
export async function deleteView(
  db: Database,
  { owner, tenantId }: ViewOwner,
  id: string,
  anybodys: boolean,
): Promise<void> {
  if (!isId(id)) throw unknownView(id);
  const { rowCount } = await db.pool.query({
    name: 'delete-view',
    text: 'DELETE FROM saved_view WHERE id = $1 AND tenant_id = $2 AND (owner = $3 OR (shared AND $4))',
    values: [id, tenantId, owner, anybodys],
  });
  if (!rowCount) throw unknownView(id);
}

function unknownView(id: string): NotFoundError {
  return new NotFoundError(`There is no saved view of yours with the id "${id.slice(0, 100)}".`);
}
