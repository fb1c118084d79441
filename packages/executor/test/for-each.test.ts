import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor({ SIGNALBOX_SECRET_TOKEN: 'very-secret-token' });
});
afterAll(() => stage.close());

const echo = (key: string, more: object = {}) => ({ key, type: 'test.echo', ...more });
const retry = { attempts: 3, delayMs: 1, factor: 1, maxDelayMs: 1 };

describe('a step with forEach', () => {
  test('runs once for each item, stands before them in the timeline, and gives the list of what they gave', async () => {
    const id = await stage.queue(
      [
        echo('list', { with: { names: ['a', 'b', 'c'] } }),
        echo('each', {
          name: 'Each',
          forEach: '${{ steps.list.output.names }}',
          with: { greeting: '${{ index }}: ${{ item }} of ${{ size(steps.list.output.names) }}' },
        }),
        echo('after', { with: { count: '${{ size(steps.each.output) }}' } }),
      ],
      { output: { all: '${{ steps.each.output.map(o, o.greeting) }}' } },
    );
    const job = await stage.settled(id);
    expect(job).toMatchObject({
      status: 'COMPLETED',
      output: { all: ['0: a of 3', '1: b of 3', '2: c of 3'] },
      totalSteps: 6,
      completedSteps: 6,
    });
    expect(job.steps.map(({ key, status }) => [key, status])).toEqual(
      ['list', 'each', 'each[0]', 'each[1]', 'each[2]', 'after'].map((key) => [key, 'COMPLETED']),
    );
    expect(job.step('each')).toMatchObject({
      output: [0, 1, 2].map((n) => job.step(`each[${n}]`).output),
      attempts: [],
    });
    expect(job.step('each[1]')).toMatchObject({ input: { greeting: '1: b of 3' }, attempts: [{ number: 1 }] });
    const rows = await stage.db.prisma.jobStep.findMany({
      where: { jobId: id, index: 1 },
      orderBy: { position: 'asc' },
    });
    expect(rows.map(({ item, name, position }) => [position, name, item])).toEqual([
      [0, 'Each', null],
      [1, 'Each[0]', 'a'],
      [2, 'Each[1]', 'b'],
      [3, 'Each[2]', 'c'],
    ]);
    expect(rows.every(({ completedAt, startedAt }) => startedAt && completedAt && startedAt <= completedAt)).toBe(true);
  });

  test('keeps to its maxParallel', async () => {
    const folder = path.join(stage.folder, 'parallel');
    const met = path.join(stage.folder, 'met');
    await Promise.all([mkdir(folder), mkdir(met)]);
    const run = `touch ${folder}/$SIGNALBOX_STEP_KEY ${met}/$SIGNALBOX_STEP_KEY
      while [ $(ls ${met} | wc -l) -lt 2 ]; do sleep 0.01; done
      ls ${folder} | wc -l; sleep 0.03; rm ${folder}/$SIGNALBOX_STEP_KEY`;
    const id = await stage.queue([
      { key: 'each', type: 'command', forEach: [1, 2, 3, 4, 5, 6, 7], maxParallel: 2, with: { run } },
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', totalSteps: 8 });
    const counts = (await stage.lines(id)).map(({ message }) => Number(message));
    expect(counts).toHaveLength(7);
    expect(Math.max(...counts)).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  test('completes at once with nothing when the list is empty', async () => {
    const id = await stage.queue(
      [
        echo('each', { forEach: '${{ input.list }}' }),
        echo('after', { with: { count: '${{ size(steps.each.output) }}' } }),
      ],
      { input: { list: [] } },
    );
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', totalSteps: 2, completedSteps: 2, output: { count: 0 } });
    expect(job.step('each')).toMatchObject({ status: 'COMPLETED', output: [] });
  });

  test.each([
    ['${{ input.text }}', '"forEach" needs a list, and ${{ input.text }} gives text.'],
    ['${{ input.long }}', '"forEach" may have 1000 items, and ${{ input.long }} gives 1001.'],
    ['${{ input.none }}', '${{ input.none }} cannot be evaluated: No such key: none.'],
  ])('fails as CONFIGURATION when %s gives no list that it can run for', async (forEach, message) => {
    const input = { text: 'a,b', long: Array.from({ length: 1_001 }, (_, n) => n) };
    const job = await stage.settled(await stage.queue([echo('each', { forEach }), echo('after')], { input }));
    expect(job).toMatchObject({ status: 'FAILED', category: 'CONFIGURATION', error: message, errorStepKey: 'each' });
    expect(job.steps.map(({ status }) => status)).toEqual(['FAILED', 'SKIPPED']);
  });

  test('fails by the first item that failed, after all of them have run', async () => {
    const id = await stage.queue([
      {
        key: 'each',
        type: 'command',
        forEach: [0, 3, 0, 4],
        with: { program: 'sh', args: ['-c', 'exit $0', '${{ item }}'] },
      },
      echo('after'),
    ]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({
      status: 'FAILED',
      category: 'PROCESS',
      errorStepKey: 'each[1]',
      totalSteps: 6,
      completedSteps: 6,
    });
    expect(job.steps.map(({ status }) => status)).toEqual([
      'FAILED',
      'COMPLETED',
      'FAILED',
      'COMPLETED',
      'FAILED',
      'SKIPPED',
    ]);
    expect(job.step('each').error).toMatch(/^2 of 4 items failed, the first of them each\[1\]: /);
    expect(job.step('after').because).toBe('needs each, which failed');
  });

  test('has null for items that failed or were skipped, where the job goes on', async () => {
    const id = await stage.queue([
      {
        key: 'each',
        type: 'test.fail',
        forEach: [{ until: 1 }, { until: 9 }, { until: 2 }, { until: 1, not: true }],
        if: '!has(item.not) && index >= 0',
        with: { until: '${{ item.until }}', category: 'NETWORK' },
        retry: { ...retry, attempts: 2 },
        continueOnError: true,
      },
    ]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', output: [{ attempt: 1 }, null, { attempt: 2 }, null] });
    expect(job.step('each[3]')).toMatchObject({
      status: 'SKIPPED',
      because: 'condition is false: !has(item.not) && index >= 0 (item.not = true, index = 3)',
    });
  });

  test('is skipped as a whole, its list unread, by a condition that does not speak of the item', async () => {
    const job = await stage.settled(
      await stage.queue([echo('each', { if: 'has(input.list)', forEach: '${{ input.list }}' })]),
    );
    expect(job).toMatchObject({ status: 'COMPLETED', totalSteps: 1 });
    expect(job.step('each').because).toBe('condition is false: has(input.list) (input.list is absent)');
  });

  test('runs a thousand items', async () => {
    const list = Array.from({ length: 1_000 }, (_, n) => n);
    const id = await stage.queue([echo('each', { forEach: '${{ input.list }}', with: { count: '${{ item }}' } })], {
      input: { list },
    });
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', totalSteps: 1_001, completedSteps: 1_001 });
    expect(job.output).toEqual(list.map((count) => ({ greeting: 'hello', count })));
  });

  test('has its items masked like any step', async () => {
    const id = await stage.queue([
      {
        key: 'each',
        type: 'test.secret',
        forEach: ['TOKEN'],
        with: { name: '${{ item }}', given: '${{ secrets.TOKEN }}' },
      },
    ]);
    const job = await stage.settled(id);
    expect(job.step('each')).toMatchObject({ status: 'COMPLETED', output: [{ value: '***' }] });
    expect(JSON.stringify([job, await stage.lines(id)])).not.toContain('very-secret');
  });

  test('is cancelled with its items', async () => {
    const id = await stage.queue([
      {
        key: 'each',
        type: 'test.gate',
        forEach: [1, 2, 3],
        maxParallel: 1,
        with: { file: path.join(stage.folder, 'never') },
      },
    ]);
    await stage.logged(id, /^waiting/);
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    const job = await stage.settled(id);
    expect([job.status, ...job.steps.map(({ status }) => status)]).toEqual(Array(5).fill('CANCELLED'));
  });
});

describe('a job with forEach whose worker is lost', () => {
  let processes: ProcessStage | undefined;
  afterEach(() => processes?.close());

  test('goes on with another one, which runs no finished item again and makes none twice', async () => {
    processes = await openProcessStage();
    const { folder } = processes;
    const counter = path.join(folder, 'counter');
    const first = await processes.start('first');
    const run = `echo $ITEM >> ${counter}; echo item $ITEM; while [ $ITEM = c ] && [ ! -e ${folder}/open ]; do sleep 0.01; done`;
    const id = await processes.queue(
      [
        {
          key: 'each',
          type: 'command',
          forEach: '${{ input.list }}',
          maxParallel: 1,
          retry,
          with: { run, env: { ITEM: '${{ item }}' } },
        },
      ],
      { input: { list: ['a', 'b', 'c', 'd'] }, output: '${{ size(steps.each.output) }}' },
    );
    await processes.logged(id, /^item c$/);
    first.signal('SIGKILL');
    await first.exited;
    await processes.expire(id);
    await processes.start('second');
    await until(
      'the item runs again',
      () => readFile(counter, 'utf8'),
      (text) => text === 'a\nb\nc\nc\n',
    );
    const meanwhile = await processes.job(id);
    expect(meanwhile.steps.map(({ status }) => status)).toEqual([
      'RUNNING',
      'COMPLETED',
      'COMPLETED',
      'RUNNING',
      'PENDING',
    ]);
    await writeFile(path.join(folder, 'open'), '');
    const job = await processes.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', epoch: 2, totalSteps: 5, completedSteps: 5, output: 4 });
    expect(await readFile(counter, 'utf8')).toBe('a\nb\nc\nc\nd\n');
    expect(job.steps.map(({ attempts }) => attempts.length)).toEqual([0, 1, 1, 2, 1]);
  });
});
