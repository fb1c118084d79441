import { describe, expect, test } from 'vitest';
import {
  changed,
  compared,
  EMPTY_LISTING,
  extended,
  type Listing,
  refreshed,
  removed,
  replaced,
  settled,
} from '../src/screens/jobs/listing.ts';

// Ids are UUIDv7, of which only the order matters here: a later one is larger.
const page = (ids: string[], more = false) => ({ ids, endCursor: ids.at(-1) ?? null, hasNextPage: more });
const loaded: Listing = replaced(page(['9', '7', '5'], true));

describe('a job that was created', () => {
  test('goes on top while the reader is there', () => {
    expect(changed(loaded, 'a', { belongs: true, hold: false }).ids).toEqual(['a', '9', '7', '5']);
  });

  test('waits while the reader is further down, newest first, and goes on top when it is asked for', () => {
    const waiting = changed(changed(loaded, 'a', { belongs: true, hold: true }), 'b', { belongs: true, hold: true });
    expect(waiting.ids).toEqual(loaded.ids);
    expect(waiting.held).toEqual(['b', 'a']);
    expect(settled(waiting)).toMatchObject({ ids: ['b', 'a', '9', '7', '5'], held: [] });
  });

  test('is there once, however often it is told', () => {
    const once = changed(loaded, 'a', { belongs: true, hold: false });
    expect(changed(once, 'a', { belongs: true, hold: false })).toBe(once);
    const waiting = changed(loaded, 'a', { belongs: true, hold: true });
    expect(changed(waiting, 'a', { belongs: true, hold: true })).toBe(waiting);
  });

  test('is the first of an empty list, even when new jobs have to wait', () => {
    expect(changed(EMPTY_LISTING, 'a', { belongs: true, hold: true }).ids).toEqual(['a']);
  });
});

describe('a job that changed', () => {
  test('keeps its place', () => {
    expect(changed(loaded, '7', { belongs: true, hold: false })).toBe(loaded);
  });

  test('leaves when it does not belong to the tab any more', () => {
    expect(changed(loaded, '7', { belongs: false, hold: false }).ids).toEqual(['9', '5']);
  });

  test('comes into a tab where its age puts it', () => {
    expect(changed(loaded, '8', { belongs: true, hold: false }).ids).toEqual(['9', '8', '7', '5']);
    expect(changed(loaded, '8', { belongs: true, hold: true }).ids).toEqual(['9', '8', '7', '5']);
  });

  test('is left to its page when it is older than all that is loaded', () => {
    expect(changed(loaded, '3', { belongs: true, hold: false })).toBe(loaded);
    const whole = replaced(page(['9', '7', '5']));
    expect(changed(whole, '3', { belongs: true, hold: false }).ids).toEqual(['9', '7', '5', '3']);
  });
});

describe('a job that does not belong any more while the reader is about to click', () => {
  const about = changed(loaded, '7', { belongs: false, hold: true });

  test('keeps its place until the reader is done, and is gone then', () => {
    expect(about).toMatchObject({ ids: ['9', '7', '5'], leaving: ['7'] });
    expect(settled(about)).toMatchObject({ ids: ['9', '5'], leaving: [] });
  });

  test('stays for good when it belongs again before that', () => {
    expect(settled(changed(about, '7', { belongs: true, hold: true })).ids).toEqual(['9', '7', '5']);
  });

  test('is gone at once when it was deleted', () => {
    expect(removed(about, '7')).toMatchObject({ ids: ['9', '5'], leaving: [] });
  });
});

describe('a list that is sorted by something else than age', () => {
  const sorted = replaced(page(['5', '9', '7'], true));

  test('lets new jobs wait, since only the server knows where they belong', () => {
    expect(changed(sorted, 'a', { belongs: true, hold: false, sorted: true })).toMatchObject({
      ids: ['5', '9', '7'],
      held: ['a'],
    });
  });

  test('leaves a job that was there before to its page', () => {
    expect(changed(sorted, '3', { belongs: true, hold: false, sorted: true })).toBe(sorted);
  });

  test('keeps its further rows when its beginning is read again', () => {
    expect(refreshed(extended(sorted, page(['2'], true)), page(['9', '5', '7'], true), true).ids).toEqual([
      '9',
      '5',
      '7',
      '2',
    ]);
  });
});

test('a job that was deleted leaves the list, and those that wait', () => {
  expect(removed(loaded, '9').ids).toEqual(['7', '5']);
  expect(removed(changed(loaded, 'a', { belongs: true, hold: true }), 'a').held).toEqual([]);
  expect(removed(loaded, 'unknown')).toBe(loaded);
});

test('the next page goes to the end without the jobs that are there already', () => {
  const more = extended(loaded, page(['5', '4', '2']));
  expect(more.ids).toEqual(['9', '7', '5', '4', '2']);
  expect(more).toMatchObject({ hasMore: false, endCursor: '2' });
});

describe('a list that is read again from its beginning', () => {
  test('keeps what is older than was read, so that a reader further down stays there', () => {
    const long = extended(loaded, page(['4', '2'], true));
    const again = refreshed(long, page(['a', '9', '7'], true));
    expect(again).toMatchObject({ ids: ['a', '9', '7', '5', '4', '2'], endCursor: '2', hasMore: true });
  });

  test('is replaced when all of it was read', () => {
    expect(refreshed(loaded, page(['a', '9'])).ids).toEqual(['a', '9']);
    expect(refreshed(loaded, page(['9', '7', '5', '3'], true))).toMatchObject({
      ids: ['9', '7', '5', '3'],
      endCursor: '3',
    });
    expect(refreshed(loaded, page([])).ids).toEqual([]);
  });
});

describe('a list that is read again under a reader further down', () => {
  const waiting = changed(loaded, 'a', { belongs: true, hold: true });

  test('lets those wait that waited, and those that were not told of', () => {
    expect(compared(waiting, page(['b', 'a', '9'], true))).toMatchObject({ ids: ['9', '7', '5'], held: ['b', 'a'] });
    expect(compared(waiting, page(['b', '9', '7', '5']))).toMatchObject({ held: ['b'], hasMore: false });
  });

  test('keeps the places of jobs that do not belong any more until the reader is done', () => {
    const again = compared(waiting, page(['9', '5', '4'], true));
    expect(again).toMatchObject({ ids: ['9', '7', '5', '4'], held: [], leaving: ['7'], oldest: '4', endCursor: '4' });
    expect(settled(again).ids).toEqual(['9', '5', '4']);
  });

  test('keeps its order when that is not by age', () => {
    const sorted = replaced(page(['5', '9', '7'], true));
    expect(compared(sorted, page(['a', '9', '5'], true), true)).toMatchObject({ ids: ['5', '9', '7'], held: ['a'] });
    expect(compared(sorted, page(['9', '5']), true)).toMatchObject({ ids: ['5', '9', '7'], leaving: ['7'] });
  });

  test('is what was read when there was nothing to keep', () => {
    expect(compared(EMPTY_LISTING, page(['9', '7'], true))).toEqual(replaced(page(['9', '7'], true)));
  });
});
