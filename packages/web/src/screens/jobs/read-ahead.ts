import { client } from '../../app/client.ts';
import { serverNow } from '../../time/clock.ts';
import { JobsPage } from './documents.ts';
import { orderOf } from './sort.ts';
import { filterOf, readView, statusesOf } from './view.ts';

/** How many jobs are read at once. */
export const PAGE = 50;

/**
 * Sends for the first page of the list before anything is drawn. The list asks for the same a moment later, and then it
 * is under way.
 */
export function readAhead(search: string): void {
  const { tab, sort, ...filters } = readView(new URLSearchParams(search));
  // A span is measured from the moment at which the list is drawn.
  if (filters.span !== undefined) return;
  const filter = { ...filterOf(filters, serverNow()), status: [...statusesOf(tab)] };
  void client
    .query(JobsPage, { first: PAGE, after: null, filter, orderBy: orderOf(sort) }, { requestPolicy: 'network-only' })
    .toPromise();
}
