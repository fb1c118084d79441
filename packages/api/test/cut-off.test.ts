import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkCutReport, cutWatchersWhileJobRuns } from './cut-watchers.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

test('watchers that are cut 10 times miss nothing, hear nothing twice and nothing out of order', async () => {
  const report = await cutWatchersWhileJobRuns(api, 10);
  expect(report.cuts).toEqual(Array.from({ length: 6 }, () => 10));
  expect(checkCutReport(report, 10)).toEqual([]);
});
