/**
 * Which jobs the list shows, in which order, kept right while pages are loaded and changes arrive. Pure: the rows'
 * contents live in the GraphQL cache, here are only their ids. Ids are UUIDv7, so that their order is the order of
 * creation. The list is newest first, or `sorted` by something else: then only the server can say where a job belongs,
 * and every new one waits until the list is read again.
 */
export interface Listing {
  ids: readonly string[];
  /** New jobs that came while the reader was further down; shown when asked for. */
  held: readonly string[];
  /** Jobs that do not belong any more and keep their places while somebody is about to click. */
  leaving: readonly string[];
  /** Where the next page begins; null before the first page. */
  endCursor: string | null;
  /** The last job of the pages so far, which may have left since: what is older comes with its page. Null while there was none. */
  oldest: string | null;
  hasMore: boolean;
}

export const EMPTY_LISTING: Listing = {
  ids: [],
  held: [],
  leaving: [],
  endCursor: null,
  oldest: null,
  hasMore: false,
};

export interface ListPage {
  ids: readonly string[];
  endCursor: string | null;
  hasNextPage: boolean;
}

/** The first pages read anew, in one: replaces everything. */
export function replaced(page: ListPage): Listing {
  const oldest = page.ids.at(-1) ?? null;
  return { ids: unique(page.ids), held: [], leaving: [], endCursor: page.endCursor, oldest, hasMore: page.hasNextPage };
}

/** The first pages read anew of a list that may be longer: what is older than they reach to stays. */
export function refreshed(listing: Listing, page: ListPage, sorted = false): Listing {
  const last = page.ids.at(-1);
  if (last === undefined || !page.hasNextPage) return replaced(page);
  const further = sorted ? listing.ids.slice(page.ids.length) : listing.ids.filter((id) => id < last);
  if (further.length === 0) return replaced(page);
  return {
    ...replaced(page),
    ids: unique([...page.ids, ...further]),
    held: sorted ? [] : listing.held.filter((id) => id < last),
    leaving: listing.leaving.filter((id) => further.includes(id)),
    endCursor: listing.endCursor,
    oldest: listing.oldest,
    hasMore: listing.hasMore,
  };
}

/**
 * The first pages read anew while rows have to stay where the reader looks at them: what differs is taken as if it had
 * been told of, job by job.
 */
export function compared(listing: Listing, page: ListPage, sorted = false): Listing {
  if (listing.ids.length === 0) return refreshed(listing, page, sorted);
  const [last, there] = [page.ids.at(-1), new Set(page.ids)];
  // Of a sorted list only the server knows how far down a page reaches, unless it reaches to the end.
  const reaches = (id: string) => !page.hasNextPage || (!sorted && last !== undefined && id > last);
  const isFurther = listing.hasMore && (listing.oldest === null || reaches(listing.oldest));
  let now: Listing = isFurther
    ? { ...listing, endCursor: page.endCursor, oldest: last ?? null, hasMore: page.hasNextPage }
    : listing;
  for (const id of [...listing.ids, ...listing.held]) {
    if (reaches(id) && !there.has(id)) now = changed(now, id, { belongs: false, hold: true, sorted });
  }
  for (const id of page.ids) now = changed(now, id, { belongs: true, hold: true, sorted });
  return now;
}

/** The next page at the end. */
export function extended(listing: Listing, page: ListPage, sorted = false): Listing {
  const ids = unique([...listing.ids, ...page.ids]);
  return {
    // A job that has come into the list meanwhile may be older than the page.
    ids: sorted ? ids : newestFirst(ids),
    held: listing.held,
    leaving: listing.leaving,
    endCursor: page.endCursor ?? listing.endCursor,
    oldest: page.ids.at(-1) ?? listing.oldest,
    hasMore: page.hasNextPage,
  };
}

/**
 * A job that was created or changed.
 *
 * @param belongs whether the job is one of those that the list shows
 * @param hold whether rows have to stay where the reader looks at them: new ones wait, others stay for a while
 */
export function changed(
  listing: Listing,
  id: string,
  { belongs, hold, sorted = false }: { belongs: boolean; hold: boolean; sorted?: boolean },
): Listing {
  const here = listing.ids.includes(id);
  if (!belongs) {
    if (!here || !hold) return removed(listing, id);
    return listing.leaving.includes(id) ? listing : { ...listing, leaving: [...listing.leaving, id] };
  }
  if (here) {
    if (!listing.leaving.includes(id)) return listing;
    return { ...listing, leaving: listing.leaving.filter((other) => other !== id) };
  }
  if (listing.held.includes(id)) return listing;
  if (sorted) {
    // What was there before and is not loaded comes with its page.
    const newest = listing.ids.toSorted().at(-1) ?? '';
    return listing.hasMore && id < newest ? listing : { ...listing, held: inserted(listing.held, id) };
  }
  const [first] = listing.ids;
  if (listing.hasMore && listing.oldest !== null && id < listing.oldest) return listing;
  if (hold && first !== undefined && id > first) return { ...listing, held: inserted(listing.held, id) };
  return { ...listing, ids: inserted(listing.ids, id) };
}

/** A job that is gone, or that the list does not show any more. */
export function removed(listing: Listing, id: string): Listing {
  if (listing.ids.includes(id))
    return { ...listing, ids: without(listing.ids, id), leaving: without(listing.leaving, id) };
  if (listing.held.includes(id)) return { ...listing, held: without(listing.held, id) };
  return listing;
}

/** Puts the jobs that waited where they belong in a list that is newest first, and lets go of those that do not belong any more. */
export function settled(listing: Listing): Listing {
  if (listing.held.length === 0 && listing.leaving.length === 0) return listing;
  const leaving = new Set(listing.leaving);
  const staying = listing.ids.filter((id) => !leaving.has(id));
  return {
    ...listing,
    ids: listing.held.length === 0 ? staying : newestFirst([...listing.held, ...staying]),
    held: [],
    leaving: [],
  };
}

function without(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : ids;
}

function inserted(ids: readonly string[], id: string): string[] {
  const place = ids.findIndex((other) => other < id);
  return place < 0 ? [...ids, id] : [...ids.slice(0, place), id, ...ids.slice(place)];
}

function newestFirst(ids: readonly string[]): string[] {
  return unique(ids.toSorted().toReversed());
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
