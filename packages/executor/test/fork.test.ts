import { forkJob } from '@signalbox/db/fork';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor();
});
afterAll(() => stage.close());

test('a fork runs only what is behind the chosen step, on outputs that may have been edited', async () => {
  const id = await stage.queue([
    { key: 'made', type: 'test.echo', with: { greeting: 'first', count: 1 } },
    { key: 'doubled', type: 'test.echo', with: { count: '${{ steps.made.output.count * 2 }}' } },
    { key: 'aside', type: 'test.echo', needs: [] },
    {
      key: 'last',
      type: 'test.echo',
      needs: ['doubled', 'aside'],
      with: { count: '${{ steps.doubled.output.count + 1 }}' },
    },
  ]);
  expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', output: { count: 3 } });
  const forked = await forkJob(stage.db, DEFAULT_TENANT_ID, id, {
    fromStep: 'doubled',
    outputs: { made: { count: 20 } },
  });
  const job = await stage.settled(forked);
  expect(job).toMatchObject({ status: 'COMPLETED', completedSteps: 4, output: { count: 41 } });
  expect(job.steps.map(({ key, attempts }) => `${key} ${attempts.length}`)).toEqual([
    'made 0',
    'doubled 1',
    'aside 0',
    'last 1',
  ]);
  expect(await stage.job(id)).toMatchObject({ status: 'COMPLETED', output: { count: 3 } });
});
