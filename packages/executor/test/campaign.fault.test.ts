import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCampaign } from './chaos/campaign.ts';
import { runCancels } from './chaos/cancels.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';

let stage: ProcessStage;
beforeEach(async () => {
  stage = await openProcessStage();
});
afterEach(() => stage.close());

// `npm run chaos` does the same a hundred times.
describe('a schedule of kills, freezes, stops, pauses and cancels', { timeout: 240_000 }, () => {
  test('leaves no job stuck, no completed step run twice and no late write', async () => {
    const campaign = await openCampaign(stage);
    try {
      for (const seed of [11, 12]) {
        const { harm, violations } = await campaign.run(seed, { jobs: 40, harmMs: 2_000 });
        expect(violations, `seed ${seed}: ${harm.join(', ')}`).toEqual([]);
      }
    } finally {
      await campaign.close();
    }
  });
});

describe('a cancel of programs, requests and streaming models', { timeout: 120_000 }, () => {
  test.each([
    ['that asks', false, 60_000],
    ['by force', true, 30_000],
  ])('%s leaves no process and no connection', async (_how, force, within) => {
    const cancelled = await runCancels(stage, { each: 5, force, graceSeconds: 2 });
    expect(cancelled).toHaveLength(15);
    expect(cancelled.flatMap(({ left }) => left)).toEqual([]);
    // What a busy machine may take; `npm run chaos` holds it to the promises, 15 s and 1 s.
    expect(Math.max(...cancelled.map(({ tookMs }) => tookMs))).toBeLessThan(within);
    expect(await stage.violations()).toEqual([]);
  });
});
