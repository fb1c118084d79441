import { expect, test } from 'vitest';
import { SharedLook } from '../src/shared-look.ts';

function counted() {
  const looks: PromiseWithResolvers<number>[] = [];
  const shared = new SharedLook(() => {
    const look = Promise.withResolvers<number>();
    looks.push(look);
    return look.promise;
  });
  return { looks, shared };
}

test('all who ask while a look is under way share the one that follows it', async () => {
  const { looks, shared } = counted();
  const first = shared.ask();
  const others = [shared.ask(), shared.ask(), shared.ask()];
  expect(looks).toHaveLength(1);
  looks[0]?.resolve(1);
  expect(await first).toBe(1);
  await expect.poll(() => looks.length).toBe(2);
  looks[1]?.resolve(2);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
});

test('who asks after a look has ended gets a new one', async () => {
  const { looks, shared } = counted();
  const first = shared.ask();
  looks[0]?.resolve(1);
  await first;
  const second = shared.ask();
  looks[1]?.resolve(2);
  expect(await second).toBe(2);
});

test('a look that fails does so for those who asked for it only', async () => {
  const { looks, shared } = counted();
  const first = shared.ask();
  const second = shared.ask();
  looks[0]?.reject(new Error('nothing to see'));
  await expect(first).rejects.toThrow('nothing to see');
  await expect.poll(() => looks.length).toBe(2);
  looks[1]?.resolve(2);
  expect(await second).toBe(2);
});
