import { DEFAULT_TENANT_ID } from './ids.ts';

/**
 * In SQL: whether a worker, or what it advertised, serves the tenant of the first parameter. Executors belong to the default
 * tenant and run the jobs of all; which jobs those are, each tenant knows of its own only.
 */
export function servesTenant(table: string): string {
  return `${table}.tenant_id IN ($1, '${DEFAULT_TENANT_ID}')`;
}
