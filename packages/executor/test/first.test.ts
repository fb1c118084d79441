import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor();
});
afterAll(() => stage.close());

test('a three-step job runs', async () => {
  const id = await stage.queue([
    { key: 'a', type: 'command', with: { run: 'echo hello; echo "{\\"n\\": 1}" > $SIGNALBOX_OUTPUT' } },
    { key: 'b', type: 'test.echo', with: { greeting: '${{ steps.a.output.stdout }}', count: '${{ steps.a.output.n }}' } },
    { key: 'c', type: 'command', with: { program: 'printf', args: ['%s', '${{ steps.b.output.greeting }}!'] } },
  ], { output: { end: '${{ steps.c.output.stdout }}' } });
  const job = await stage.settled(id);
  console.log(JSON.stringify(job, null, 1), await stage.lines(id));
  expect(job.status).toBe('COMPLETED');
});
