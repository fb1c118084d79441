import { expect, test } from 'vitest';
import type { StepOnPage } from '../src/screens/job/on-page.ts';
import { StepPages } from '../src/screens/job/step-pages.ts';

const step = (key: string, status: StepOnPage['status']): StepOnPage => ({
  id: key,
  key,
  index: 0,
  name: key,
  type: 'command',
  uses: null,
  status,
  needs: [],
  itemIndex: null,
  reused: false,
  skippedBecause: null,
  attemptNumber: 0,
  startedAt: null,
  completedAt: null,
  durationMs: null,
  waitUntil: null,
  approval: null,
  childJob: null,
  error: null,
});

/** A server that has steps in pages of two. */
function server(steps: StepOnPage[]) {
  const asked: (string | null)[] = [];
  let failures = 0;
  const pages = new StepPages(async (after) => {
    asked.push(after);
    if (failures > 0) {
      failures--;
      throw new Error('away');
    }
    const from = after === null ? 0 : steps.findIndex(({ key }) => key === after) + 1;
    const page = steps.slice(from, from + 2);
    return {
      steps: page.map((entry) => ({ cursor: entry.key, step: entry })),
      total: steps.length,
      endCursor: page.at(-1)?.key ?? null,
      hasMore: from + 2 < steps.length,
    };
  });
  const found = () => pages.get().steps.map(({ key, status }) => `${key} ${status}`);
  return { pages, asked, found, fail: (times: number) => (failures = times) };
}

test('all pages are read, one after the other', async () => {
  const { pages, found } = server(['a', 'b', 'c', 'd', 'e'].map((key) => step(key, 'COMPLETED')));
  await pages.load();
  expect(found()).toHaveLength(5);
  expect(pages.get()).toMatchObject({ total: 5, complete: true });
});

test('only pages in which something can have changed are read again', async () => {
  const steps = [
    ...['a', 'b'].map((key) => step(key, 'COMPLETED')),
    ...['c', 'd'].map((key) => step(key, 'RUNNING')),
    ...['e', 'f', 'g', 'h'].map((key) => step(key, 'PENDING')),
  ];
  const { pages, asked, found } = server(steps);
  await pages.load();
  asked.length = 0;
  steps[2] = step('c', 'COMPLETED');
  steps[4] = step('e', 'RUNNING');
  await pages.refresh();
  expect(asked).toEqual(['b', 'd']);
  expect(found()).toContain('c COMPLETED');
  expect(found()).toContain('e RUNNING');
});

test('items that came in between are in their place, and none is there twice', async () => {
  const steps = ['a', 'b', 'z'].map((key) => step(key, key === 'b' ? 'RUNNING' : 'COMPLETED'));
  const { pages, found } = server(steps);
  await pages.load();
  steps.splice(2, 0, step('b[0]', 'PENDING'), step('b[1]', 'PENDING'));
  await pages.refresh();
  expect(found()).toEqual(['a COMPLETED', 'b RUNNING', 'b[0] PENDING', 'b[1] PENDING', 'z COMPLETED']);
});

test('what could not be read is read the next time', async () => {
  const { pages, found, fail } = server(['a', 'b', 'c'].map((key) => step(key, 'RUNNING')));
  fail(1);
  await pages.load();
  expect(pages.get().complete).toBe(false);
  await pages.refresh();
  expect(found()).toHaveLength(3);
});

test('of lists that get on side by side each is read again where it goes on', async () => {
  const steps = [
    ...['a1', 'a2'].map((key) => step(key, 'PENDING')),
    ...['b1', 'b2'].map((key) => step(key, 'COMPLETED')),
    ...['b3', 'b4'].map((key) => step(key, 'PENDING')),
    ...['b5', 'b6'].map((key) => step(key, 'PENDING')),
  ];
  const { pages, asked } = server(steps);
  await pages.load();
  asked.length = 0;
  await pages.refresh();
  expect(asked).toEqual([null, 'b2']);
});
