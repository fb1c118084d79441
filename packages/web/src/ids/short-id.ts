/**
 * An id short enough for a table. Ids begin with the time, so that those made together share their beginning: the end
 * is what tells them apart.
 */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 4)}…${id.slice(-6)}`;
}
