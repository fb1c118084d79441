import { getEventListeners } from 'node:events';
import { newId } from '@signalbox/db/ids';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ChangeWriter } from '../src/change-writer.ts';
import { openStage } from './stage.ts';

test('changes that are written leave nothing at the signal of their job', async () => {
  const stage = await openStage();
  const changes = new ChangeWriter(stage.db, pino({ level: 'silent' }), () => undefined);
  const { signal } = new AbortController();
  const change = { jobId: newId(), epoch: 1, completedSteps: 0, currentStepKey: null, stepPercent: 0 };
  const written = Array.from({ length: 20 }, () => changes.write(change, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(20);
  await Promise.all(written);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  await stage.close();
});
