import { expect, test } from 'vitest';
import { once } from '../src/app/once.ts';

test('what is being done is not done again at the same time, but afterwards, and also after it failed', async () => {
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const act = (name: string, until?: Promise<void>) =>
    once('re-run a', async () => {
      done.push(name);
      await until;
    });
  const running = act('first', first.promise);
  await act('second');
  await once('re-run b', async () => void done.push('another'));
  expect(done).toEqual(['first', 'another']);
  first.reject(new Error('No network.'));
  await expect(running).rejects.toThrow('No network.');
  await act('third');
  expect(done).toEqual(['first', 'another', 'third']);
});
