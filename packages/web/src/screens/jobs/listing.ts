/**
 * Which jobs the list shows, in which order, kept right while pages are loaded and changes arrive. Pure: the rows'
 * contents live in the GraphQL cache, here are only their ids. Ids are UUIDv7, so that their order is the order of
 * creation; the list is newest first.
 */
export interface Listing {
  ids: readonly string[];
  /** New jobs that came while the reader was further down; shown when asked for. */
  held: readonly string[];
  /** Where the next page begins; null before the first page. */
  endCursor: string | null;
  hasMore: boolean;
}

export const EMPTY_LISTING: Listing = { ids: [], held: [], endCursor: null, hasMore: false };

export interface ListPage {
  ids: readonly string[];
  endCursor: string | null;
  hasNextPage: boolean;
}

/** The first pages read anew, in one: replaces everything. */
export function replaced(page: ListPage): Listing {
  return { ids: unique(page.ids), held: [], endCursor: page.endCursor, hasMore: page.hasNextPage };
}

/** The first pages read anew of a list that may be longer: what is older than they reach to stays. */
export function refreshed(listing: Listing, page: ListPage): Listing {
  const last = page.ids.at(-1);
  const older = last === undefined || !page.hasNextPage ? [] : listing.ids.filter((id) => id < last);
  if (older.length === 0) return replaced(page);
  return { ids: unique([...page.ids, ...older]), held: [], endCursor: listing.endCursor, hasMore: listing.hasMore };
}

/** The next page at the end. */
export function extended(listing: Listing, page: ListPage): Listing {
  return {
    ids: unique([...listing.ids, ...page.ids]),
    held: listing.held,
    endCursor: page.endCursor ?? listing.endCursor,
    hasMore: page.hasNextPage,
  };
}

/**
 * A job that was created or changed.
 *
 * @param belongs whether the job is one of those that the list shows
 * @param hold whether new jobs have to wait instead of pushing down what the reader looks at
 */
export function changed(listing: Listing, id: string, belongs: boolean, hold: boolean): Listing {
  if (!belongs) return removed(listing, id);
  if (listing.ids.includes(id) || listing.held.includes(id)) return listing;
  const [first] = listing.ids;
  const last = listing.ids.at(-1);
  // Older than all that is loaded: it comes with its page.
  if (last !== undefined && id < last && listing.hasMore) return listing;
  if (hold && first !== undefined && id > first) return { ...listing, held: inserted(listing.held, id) };
  return { ...listing, ids: inserted(listing.ids, id) };
}

/** A job that is gone, or that the list does not show any more. */
export function removed(listing: Listing, id: string): Listing {
  if (listing.ids.includes(id)) return { ...listing, ids: listing.ids.filter((other) => other !== id) };
  if (listing.held.includes(id)) return { ...listing, held: listing.held.filter((other) => other !== id) };
  return listing;
}

/** Puts the jobs that waited on top. */
export function revealed(listing: Listing): Listing {
  if (listing.held.length === 0) return listing;
  return { ...listing, ids: unique([...listing.held, ...listing.ids]), held: [] };
}

function inserted(ids: readonly string[], id: string): string[] {
  const place = ids.findIndex((other) => other < id);
  return place < 0 ? [...ids, id] : [...ids.slice(0, place), id, ...ids.slice(place)];
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
