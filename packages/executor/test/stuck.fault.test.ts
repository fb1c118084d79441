import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
beforeEach(async () => {
  stage = await openProcessStage();
});
afterEach(() => stage.close());

const retry = { attempts: 9, delayMs: 1, factor: 1, maxDelayMs: 1 };
/** Long enough for a busy machine, and still short: a stuck main thread is given up after three of them. */
const LEASE = { SIGNALBOX_LEASE_SECONDS: '6' };
const LONGER = { SIGNALBOX_LEASE_SECONDS: '9' };
/** The first step that an executor runs is the neighbour, the second one blocks it. */
const blocking = (milliseconds: number) => ({ ...LEASE, TEST_FAILPOINTS: `step-start=block:${milliseconds}#2` });

async function neighbours(run: string): Promise<{ neighbour: string; blocker: string; program: number }> {
  const neighbour = await stage.queue([{ key: 'a', type: 'command', with: { run }, retry }]);
  const { message } = await stage.logged(neighbour, /^pid \d+$/);
  const blocker = await stage.queue([
    { key: 'a', type: 'test.echo', timeoutMs: 5_000, retry: { ...retry, attempts: 1 } },
  ]);
  return { neighbour, blocker, program: Number(message.slice(4)) };
}

describe('an executor whose main thread is stuck', { timeout: 180_000 }, () => {
  test('for longer than a lease keeps the leases of all its jobs and says so', async () => {
    const executor = await stage.start('stuck', { ...blocking(12_000), ...LONGER });
    const { blocker, neighbour } = await neighbours('echo pid $$; sleep 3');
    await until(
      'the watchdog has seen it',
      () => executor.said(),
      (said) => said.includes('the main thread is stuck'),
    );
    const other = await stage.start('other', LONGER);
    expect(await stage.settled(neighbour)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    // Its time was up long before the thread came back, and then it is ended.
    expect(await stage.settled(blocker)).toMatchObject({ epoch: 1 });
    await until(
      'it says that it goes on',
      () => executor.said(),
      (said) => said.includes('the main thread goes on'),
    );
    expect(other.said()).not.toContain('taken over');
    expect(await stage.violations()).toEqual([]);
  });

  test('for ever is ended with the programs of its jobs, which others go on with', async () => {
    const executor = await stage.start('stuck', blocking(600_000));
    const { blocker, neighbour, program } = await neighbours('echo pid $$; [ $SIGNALBOX_ATTEMPT = 2 ] || sleep 100');
    expect(await executor.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(executor.said()).toContain('the main thread does not come back');
    await until(
      'the program is gone',
      () => isAlive(program),
      (alive) => !alive,
    );
    await stage.start('other', LEASE);
    expect(await stage.settled(neighbour)).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(await stage.settled(blocker)).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(await stage.violations()).toEqual([]);
  });
});
