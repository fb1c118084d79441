import { expect, test } from 'vitest';
import type { StepOnPage } from '../src/screens/job/on-page.ts';
import { asksForDecision, waitWords } from '../src/screens/job/waits.ts';
import { formatExact } from '../src/time/moment.ts';

const at = '2026-11-27T10:00:00.000Z';
const step: StepOnPage = {
  id: '1',
  key: 'a',
  index: 0,
  name: 'A',
  type: 'wait',
  uses: null,
  status: 'WAITING',
  needs: [],
  itemIndex: null,
  reused: false,
  skippedBecause: null,
  attemptNumber: 1,
  startedAt: at,
  completedAt: null,
  durationMs: 0,
  waitUntil: null,
  approval: null,
  childJob: null,
  error: null,
};
const approval = { message: 'Go?', approved: null, comment: null, decidedAt: null, decidedBy: null };
const exact = formatExact(Date.parse(at));

test('a step that waits says for what, and until when where that is known', () => {
  expect(waitWords({ ...step, waitUntil: at })).toBe(`waits until ${exact}`);
  expect(waitWords({ ...step, approval })).toBe('waits for an approval');
  expect(waitWords({ ...step, approval, waitUntil: at })).toBe(`waits for an approval, until ${exact} at most`);
  expect(waitWords({ ...step, childJob: { id: 'job', status: 'RUNNING' } })).toBe('waits for the job job');
  expect(waitWords({ ...step, waitUntil: at, error: { message: 'no', category: 'NETWORK' } })).toBe(
    `next try at ${exact}`,
  );
  expect(waitWords({ ...step, status: 'RUNNING' })).toBeUndefined();
});

test('a decision is asked for until it is made, and only while the step waits', () => {
  expect(asksForDecision({ ...step, approval })).toBe(true);
  expect(asksForDecision({ ...step, approval: { ...approval, approved: false } })).toBe(false);
  expect(asksForDecision({ ...step, status: 'CANCELLED', approval })).toBe(false);
});
