import { expect, test } from 'vitest';
import { ACTION_WORDS, OFFERED, offered } from '../src/actions/actions.ts';

test('only what the job allows is offered, and only what the app can do', () => {
  const allowedActions = ['DELETE', 'RERUN', 'FORK', 'RETRY', 'SET_PRIORITY'] as const;
  expect(offered({ allowedActions, cancelRequestedAt: null })).toEqual(['RETRY', 'RERUN', 'DELETE']);
  expect(offered({ allowedActions: [], cancelRequestedAt: null })).toEqual([]);
});

test('force takes the place of a cancel that is still taking effect', () => {
  const allowedActions = ['CANCEL', 'FORCE_CANCEL'] as const;
  expect(offered({ allowedActions, cancelRequestedAt: null })).toEqual(['CANCEL']);
  expect(offered({ allowedActions, cancelRequestedAt: '2026-11-21T10:30:00Z' })).toEqual(['FORCE_CANCEL']);
});

test('what cannot be taken back is asked about first', () => {
  expect(OFFERED.filter((action) => ACTION_WORDS[action].question)).toEqual(['CANCEL', 'FORCE_CANCEL', 'DELETE']);
});
