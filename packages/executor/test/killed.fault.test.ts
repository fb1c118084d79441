import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
beforeEach(async () => {
  stage = await openProcessStage();
});
afterEach(() => stage.close());

/** Whoever has them loses nothing on a busy machine; `stage.expire` ends the leases that are to end. */
const LONG = { SIGNALBOX_LEASE_SECONDS: '60' };
const HEIR = { SIGNALBOX_LEASE_SECONDS: '12' };
const retry = { attempts: 9, delayMs: 1, factor: 1, maxDelayMs: 1 };

describe('an executor that is killed', { timeout: 180_000 }, () => {
  test('at any moment leaves a job that another one ends, without running a completed step again', async () => {
    const places = [
      'after-claim=kill',
      'before-record=kill#2',
      'after-record=kill#2',
      'after-log=kill',
      'before-settle=kill',
    ];
    const queues = places.map((_, index) => `queue-${index}`);
    const effects = path.join(stage.folder, 'effects');
    const run = 'echo "$SIGNALBOX_JOB_ID $SIGNALBOX_STEP_KEY $SIGNALBOX_ATTEMPT" | tee -a "$EFFECTS"';
    const step = { type: 'command', with: { run, env: { EFFECTS: effects } }, retry };
    const steps = [
      { key: 'a', ...step },
      { key: 'b', ...step },
    ];
    const jobs = await Promise.all(queues.map((queue) => stage.queue(steps, { workflow: { queue } })));
    // Long leases: none of them takes away what another one is about to die of.
    const doomed = places.map((place, index) =>
      stage.launch(place, { ...LONG, TEST_FAILPOINTS: place, SIGNALBOX_QUEUES: `queue-${index}` }),
    );
    for (const executor of doomed) expect(await executor.exited).toMatchObject({ signal: 'SIGKILL' });
    await stage.expire(...jobs);
    await stage.start('heir', { ...HEIR, SIGNALBOX_QUEUES: queues.join(',') });
    for (const id of jobs) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const lines = readFileSync(effects, 'utf8').trim().split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    const acknowledged = jobs.map((jobId) => ({ jobId, states: ['COMPLETED'] }));
    expect(await stage.violations({ acknowledged })).toEqual([]);
  });

  test('while it ends its jobs politely, which it keeps meanwhile, has them taken over', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await stage.start('first', HEIR);
    const id = await stage.queue([{ key: 'gate', type: 'test.gate', with: { file } }]);
    await stage.logged(id, /^waiting in attempt 1$/);
    first.signal('SIGTERM');
    await until(
      'it is stopping',
      () => first.said(),
      (said) => said.includes('stopping'),
    );
    const lease = async () => {
      const { leaseExpiresAt } = await stage.db.prisma.execution.findFirstOrThrow({ where: { jobId: id, epoch: 1 } });
      return leaseExpiresAt.getTime();
    };
    const before = await lease();
    await until('it beats on', lease, (at) => at > before + 2_000, 30_000);
    expect(await stage.job(id)).toMatchObject({ status: 'RUNNING', epoch: 1 });
    first.signal('SIGKILL');
    await first.exited;
    await stage.expire(id);
    await stage.start('second', HEIR);
    await stage.logged(id, /^waiting in attempt 2$/);
    await writeFile(file, '');
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(await stage.violations()).toEqual([]);
  });

  test('by a step, three times, has that job failed and the others run', async () => {
    const poison = { ...LONG, TEST_FAILPOINTS: 'step-start=kill', SIGNALBOX_QUEUES: 'poison' };
    const id = await stage.queue([{ key: 'a', type: 'test.echo', retry }], { workflow: { queue: 'poison' } });
    for (const name of ['first', 'second', 'third']) {
      const executor = stage.launch(name, poison);
      expect(await executor.exited).toMatchObject({ signal: 'SIGKILL' });
      await stage.expire(id);
    }
    await stage.start('fourth', { ...HEIR, SIGNALBOX_QUEUES: 'poison' });
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST', epoch: 3, errorStepKey: 'a' });
    expect(job.step('a').attempts).toHaveLength(3);
    const next = await stage.queue([{ key: 'a', type: 'test.echo' }], { workflow: { queue: 'poison' } });
    expect(await stage.settled(next)).toMatchObject({ status: 'COMPLETED' });
    expect(await stage.violations()).toEqual([]);
  });

  test('just after a program wrote a line loses at most its last moments, and the log says so', async () => {
    const first = await stage.start('first', LONG);
    const file = path.join(stage.folder, 'now');
    const script = `let n = 0; setInterval(() => { n += 1; require('node:fs').writeFileSync(${JSON.stringify(file)}, String(Date.now())); console.log(n + ' ' + Date.now()); }, 2)`;
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { program: process.execPath, args: ['-e', script] } },
    ]);
    await stage.logged(id, /^200 /);
    first.signal('SIGKILL');
    await first.exited;
    await stage.expire(id);
    const killedAt = Number(readFileSync(file, 'utf8'));
    await stage.start('second', HEIR);
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST' });
    const lines = await stage.lines(id);
    const told = lines.flatMap(({ attempt, message }) => (attempt === 1 ? [message.split(' ').map(Number)] : []));
    expect(told.map(([number]) => number)).toEqual(told.map((_, index) => index + 1));
    // The promise is 100 ms; what a busy machine adds between the line and its pipe is not the executor's.
    expect(killedAt - (told.at(-1)?.[1] ?? 0)).toBeLessThan(5_000);
    expect(lines.at(-1)).toMatchObject({ stream: 'SYSTEM', level: 'ERROR' });
    expect(lines.at(-1)?.message).toMatch(/The worker "first" was lost .* Output of its last 100 ms may be missing$/);
    expect(await stage.violations()).toEqual([]);
  });
});
