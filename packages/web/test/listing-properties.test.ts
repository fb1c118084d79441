import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changed,
  compared,
  EMPTY_LISTING,
  extended,
  type Listing,
  type ListPage,
  refreshed,
  removed,
  settled,
} from '../src/screens/jobs/listing.ts';

const PAGE = 3;
type Change = (listing: Listing) => Listing;

/** A server with jobs that belong to the list or do not, and a page that hears of changes in their order, later. */
class World {
  readonly jobs = new Map<string, boolean>();
  readonly #told: Change[] = [];
  #reading: { changes: Change[]; arrive: (listing: Listing) => Listing } | undefined;
  listing: Listing = EMPTY_LISTING;

  belonging(): string[] {
    return [...this.jobs.keys()]
      .filter((id) => this.jobs.get(id))
      .toSorted()
      .toReversed();
  }

  set(id: string, belongs: boolean, hold: boolean) {
    this.jobs.set(id, belongs);
    this.#told.push((listing) => changed(listing, id, { belongs, hold }));
  }

  delete(id: string) {
    this.jobs.delete(id);
    this.#told.push((listing) => removed(listing, id));
  }

  /** The oldest change that the page has not heard of. */
  hear() {
    const change = this.#told.shift();
    if (!change) return;
    this.#reading?.changes.push(change);
    this.listing = change(this.listing);
  }

  read(what: 'first' | 'first, held' | 'next') {
    if (this.#reading || (what === 'next' && !this.listing.hasMore)) return;
    const from = what === 'next' ? this.listing.endCursor : null;
    const wanted = what === 'next' ? PAGE : Math.max(PAGE, this.listing.ids.length - 2);
    const left = this.belonging().filter((id) => from === null || id < from);
    const ids = left.slice(0, wanted);
    const page = { ids, endCursor: ids.at(-1) ?? from, hasNextPage: left.length > ids.length };
    const arrive = { first: refreshed, 'first, held': kept, next: extended }[what];
    this.#reading = { changes: [], arrive: (listing) => arrive(listing, page) };
  }

  arrive() {
    if (!this.#reading) return;
    const { arrive, changes } = this.#reading;
    this.#reading = undefined;
    this.listing = changes.reduce((listing, change) => change(listing), arrive(this.listing));
  }

  finish() {
    while (this.#told.length > 0) this.hear();
    this.arrive();
    this.listing = settled(this.listing);
  }
}

/** Reads anew under a reader: what stands there stays, and nothing comes on top of it. */
function kept(before: Listing, page: ListPage): Listing {
  const after = compared(before, page);
  if (before.ids.length > 0) expect(after.ids[0]).toBe(before.ids[0]);
  expect(after.ids.filter((job) => before.ids.includes(job))).toEqual(before.ids);
  return after;
}

const id = fc.integer({ min: 10, max: 30 }).map(String);
const event = fc.oneof(
  fc.tuple(id, fc.boolean(), fc.boolean()).map(([job, belongs, hold]) => ({
    name: `${job} ${belongs ? 'belongs' : 'leaves'}${hold ? ', held' : ''}`,
    happen: (world: World) => world.set(job, belongs, hold),
  })),
  id.map((job) => ({ name: `${job} is deleted`, happen: (world: World) => world.delete(job) })),
  fc.constantFrom(
    { name: 'hears', happen: (world: World) => world.hear() },
    { name: 'reads the first pages', happen: (world: World) => world.read('first') },
    { name: 'reads the first pages, held', happen: (world: World) => world.read('first, held') },
    { name: 'reads the next page', happen: (world: World) => world.read('next') },
    { name: 'the page arrives', happen: (world: World) => world.arrive() },
    {
      name: 'settles',
      happen: (world: World) => {
        world.listing = settled(world.listing);
      },
    },
  ),
);

test('once all is heard, a list is what the server has, as far down as it was read', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 15 }), fc.array(event, { maxLength: 25 }), (atFirst, events) => {
      const world = new World();
      for (const job of atFirst) world.jobs.set(job, true);
      world.read('first');
      world.arrive();
      for (const { happen } of events) happen(world);
      world.finish();
      const { hasMore, ids, oldest } = world.listing;
      const all = world.belonging();
      expect(ids).toEqual(hasMore ? all.filter((job) => job >= (oldest ?? '')) : all);
    }),
    { numRuns: 3000 },
  );
});
