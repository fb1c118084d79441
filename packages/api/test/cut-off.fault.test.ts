import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCutReport, cutWatchersWhileJobRuns } from './cut-watchers.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

test('watchers that are cut 100 times during 10,000 lines and 200 changes miss nothing, hear nothing twice and nothing out of order', {
  timeout: 300_000,
}, async () => {
  const report = await cutWatchersWhileJobRuns(api, 100);
  expect(report.cuts).toEqual(Array.from({ length: 6 }, () => 100));
  expect(report.lines.length).toBeGreaterThan(10_000);
  expect(checkCutReport(report, 100)).toEqual([]);
});
