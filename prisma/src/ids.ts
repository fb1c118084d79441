import { v7, validate } from 'uuid';

/** The tenant that a fresh database has. Executors belong to it, and run the jobs of all tenants. */
export const DEFAULT_TENANT_ID = '00000000-0000-7000-8000-000000000001';

/** A new UUIDv7: unguessable, and in the order of creation. */
export function newId(): string {
  return v7();
}

/** The id as it is stored: some languages write UUIDs in capitals. What is no id stays as it is. */
export function storedId(id: string): string {
  return isId(id) ? id.toLowerCase() : id;
}

/** Whether PostgreSQL would take the text as a uuid. Any other id is simply unknown. */
export function isId(text: string): boolean {
  return validate(text);
}
