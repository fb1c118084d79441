import type { CombinedError } from '@urql/core';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { JobFilter, JobStatus } from '../../app/graphql.ts';
import { useHeal } from '../../live/use-heal.ts';
import { useLive } from '../../live/use-live.ts';
import { JobsPage, JobsUpdated } from './documents.ts';
import {
  changed,
  compared,
  EMPTY_LISTING,
  extended,
  type Listing,
  type ListPage,
  refreshed,
  removed,
  replaced,
  settled,
} from './listing.ts';
import { PAGE } from './read-ahead.ts';
import { orderOf, type Sort } from './sort.ts';

/** A list that grew this long by what was added on top is read anew, as short as at first. */
const LONGEST = 2_000;
/** As many rows are refreshed at most; further ones are loaded again when they are scrolled to. */
const REFRESHED = 200;

interface State {
  /** Which filter the listing is of; the last one's stays visible until the next one's is there. */
  key: string;
  listing: Listing;
  loading: boolean;
  error: CombinedError | undefined;
}

type Change = (listing: Listing) => Listing;

const replayed = (listing: Listing, changes: readonly Change[]) =>
  changes.reduce((now, change) => change(now), listing);

/** Listings of filters seen before, so that coming back shows them at once. */
const remembered = new Map<string, Listing>();

interface Options {
  filter: JobFilter;
  statuses: readonly JobStatus[];
  sort: Sort | undefined;
  /** Whether the reader is further down, so that new jobs have to wait. */
  isAway: () => boolean;
  /** Whether any of the jobs runs or waits to run, so that news are due. */
  active: boolean;
}

/** The jobs that match a filter: pages as far as they were asked for, kept live. */
export function useJobList({ filter, statuses, sort, isAway, active }: Options) {
  const client = useClient();
  const pageFilter: JobFilter = { ...filter, status: [...statuses] };
  const sorted = sort !== undefined;
  const key = JSON.stringify([pageFilter, sort]);
  const current = useRef(key);
  const loadingMore = useRef(false);
  /** As of the last render, for what was begun to be read at an earlier one. */
  const away = useRef(isAway);
  useEffect(() => {
    away.current = isAway;
  });
  /** For each reading under way the changes that arrive meanwhile, since what is read may be older than they are. */
  const meanwhile = useRef(new Set<Change[]>());
  const [state, setState] = useState<State>(() => ({
    key,
    listing: remembered.get(key) ?? EMPTY_LISTING,
    loading: true,
    error: undefined,
  }));

  const update = useCallback((change: Change): void => {
    for (const changes of meanwhile.current) changes.push(change);
    setState((now) => {
      if (now.key !== current.current) return now;
      const listing = change(now.listing);
      // Most changes are of one row's contents, which the row sees by itself.
      return listing === now.listing ? now : { ...now, listing };
    });
  }, []);
  const drop = useCallback((id: string) => update((listing) => removed(listing, id)), [update]);

  async function readPages(after: string | null, atLeast: number): Promise<ListPage | CombinedError | undefined> {
    const page: { ids: string[]; endCursor: string | null; hasNextPage: boolean } = {
      ids: [],
      endCursor: after,
      hasNextPage: true,
    };
    while (page.hasNextPage && page.ids.length < atLeast) {
      const { data, error } = await client.query(
        JobsPage,
        { first: PAGE, after: page.endCursor, filter: pageFilter, orderBy: orderOf(sort) },
        { requestPolicy: 'network-only' },
      );
      if (!data) return error;
      for (const { node } of data.jobs.edges) page.ids.push(node.id);
      page.endCursor = data.jobs.pageInfo.endCursor ?? page.endCursor;
      page.hasNextPage = data.jobs.pageInfo.hasNextPage;
    }
    return page;
  }

  /** Reads, and tells what has changed while it did. */
  async function readMeanwhile<Page>(read: () => Promise<Page>): Promise<{ page: Page; changes: readonly Change[] }> {
    const changes: Change[] = [];
    meanwhile.current.add(changes);
    try {
      return { page: await read(), changes };
    } finally {
      meanwhile.current.delete(changes);
    }
  }

  /** @param anew whether the list begins again with its first page, whoever reads further down */
  async function refresh(anew = false): Promise<void> {
    setState((now) => ({ ...now, loading: true }));
    const atLeast = anew ? PAGE : Math.min(REFRESHED, Math.max(PAGE, state.listing.ids.length));
    const { changes, page } = await readMeanwhile(() => readPages(null, atLeast));
    if (current.current !== key) return;
    if (page && 'ids' in page) {
      const take = away.current() ? compared : refreshed;
      setState((now) => {
        const read = now.key === key && !anew ? take(now.listing, page, sorted) : replaced(page);
        return { key, listing: replayed(read, changes), loading: false, error: undefined };
      });
    } else {
      setState((now) => ({ ...now, loading: false, error: page }));
    }
  }

  async function loadMore(): Promise<void> {
    const { listing } = state;
    if (loadingMore.current || !listing.hasMore || listing.endCursor === null || state.key !== key) return;
    loadingMore.current = true;
    const { changes, page } = await readMeanwhile(() => readPages(listing.endCursor, 1));
    loadingMore.current = false;
    if (current.current !== key) return;
    if (page && 'ids' in page) update((now) => replayed(extended(now, page, sorted), changes));
    else setState((now) => ({ ...now, error: page }));
  }

  const begin = useEffectEvent(() => {
    current.current = key;
    const known = remembered.get(key);
    if (known) setState({ key, listing: known, loading: true, error: undefined });
    void refresh(!known);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new filter begins a new list
  useEffect(() => begin(), [key]);

  useEffect(() => {
    if (!state.loading) remembered.set(state.key, state.listing);
  }, [state]);

  const heard = useHeal(() => void refresh(), active);
  useLive(JobsUpdated, { filter }, ({ jobUpdated: { job, deletedId } }) => {
    heard();
    if (deletedId !== null) update((listing) => removed(listing, deletedId));
    if (job)
      update((listing) => changed(listing, job.id, { belongs: statuses.includes(job.status), hold: isAway(), sorted }));
    if (state.listing.ids.length > LONGEST && !isAway()) void refresh(true);
  });

  return {
    listing: state.listing,
    error: state.error,
    loading: state.loading,
    /** Whether what is shown belongs to another filter still. */
    outdated: state.key !== key,
    refresh: () => void refresh(),
    loadMore: () => void loadMore(),
    /** Puts the jobs that waited where they belong, and lets go of those that do not belong any more. */
    settle: () => (sorted && state.listing.held.length > 0 ? void refresh(true) : update(settled)),
    drop,
  };
}
