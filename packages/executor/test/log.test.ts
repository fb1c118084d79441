import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor();
});
afterAll(() => stage.close());

const node = (script: string, more: object = {}) => ({
  key: 'a',
  type: 'command',
  with: { program: process.execPath, args: ['-e', script] },
  ...more,
});

async function messages(jobId: string): Promise<string[]> {
  return (await stage.lines(jobId)).map(({ message }) => message);
}

describe('the log of a job', () => {
  test('holds a flood of 100,000 lines, gapless and in order', async () => {
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: 'seq 1 100000 | sed "s/^/line number /"' } },
    ]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED' });
    const lines = await stage.lines(id);
    expect(lines).toHaveLength(100_000);
    expect(lines.every(({ message, seq }, index) => seq === index + 1 && message === `line number ${index + 1}`)).toBe(
      true,
    );
    const { stdout } = job.step('a').output as { stdout: string };
    expect(stdout.length).toBeLessThanOrEqual(64 * 1024);
    expect(stdout.endsWith('line number 100000')).toBe(true);
  });

  test('stays gapless when several steps flood it at once, each in its own order', async () => {
    const flood = (key: string) => ({
      key,
      type: 'command',
      needs: [],
      with: { run: `seq 1 5000 | sed "s/^/${key} /"` },
    });
    const id = await stage.queue([flood('a'), flood('b'), flood('c')]);
    await stage.settled(id);
    const lines = await stage.lines(id);
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 15_000 }, (_, index) => index + 1));
    for (const key of ['a', 'b', 'c']) {
      const own = lines.filter(({ stepKey }) => stepKey === key).map(({ message }) => message);
      expect(own).toEqual(Array.from({ length: 5_000 }, (_, index) => `${key} ${index + 1}`));
    }
  });

  test('stays gapless when a cancel writes into it between the lines of a flood', async () => {
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: 'i=0; while :; do i=$((i+1)); echo "flood $i"; done' } },
    ]);
    await stage.logged(id, /^flood 500$/);
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, true);
    await stage.settled(id);
    const lines = await stage.lines(id);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    const flood = lines.flatMap(({ message }) => (message.startsWith('flood ') ? [Number(message.slice(6))] : []));
    expect(flood).toEqual(flood.map((_, index) => index + 1));
    expect(lines.map(({ message }) => message)).toContain(
      'Cancel requested, by force: the running steps are ended at once',
    );
  });

  test('tells standard output and standard error apart, and levels by their marks', async () => {
    const id = await stage.queue([node(`console.log('out'); console.error('err'); console.log('::warning::careful')`)]);
    await stage.settled(id);
    const lines = await stage.lines(id);
    expect(lines.find(({ message }) => message === 'out')).toMatchObject({
      stream: 'STDOUT',
      level: 'INFO',
      stepKey: 'a',
      attempt: 1,
    });
    expect(lines.find(({ message }) => message === 'err')).toMatchObject({ stream: 'STDERR' });
    expect(lines.find(({ message }) => message === 'careful')).toMatchObject({ stream: 'STDOUT', level: 'WARNING' });
  });

  test('shows NUL, bytes that are no UTF-8 and progress bars as something that can be kept', async () => {
    const id = await stage.queue([
      node(
        `process.stdout.write(Buffer.from([97, 0, 98, 10, 99, 255, 100, 10])); for (const n of [1, 2, 3]) process.stdout.write('\\r' + n + '0%'); process.stdout.write('\\nlast')`,
      ),
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    expect(await messages(id)).toEqual(['a␀b', 'c\ufffdd', '30%', 'last']);
  });

  test('cuts a gigantic line with a mark, and keeps the exit of its program', async () => {
    const id = await stage.queue([
      {
        key: 'a',
        type: 'command',
        with: { run: `head -c 200000000 /dev/zero | tr '\\0' x; echo; echo after; exit 4` },
      },
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'PROCESS' });
    const [cut = '', after] = await messages(id);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(256 * 1024);
    expect(cut).toContain('[cut: the line is longer than 256 KiB]');
    expect(after).toBe('after');
  });

  test('of a step ends at 64 MiB with a line that says so, and the step goes on', async () => {
    const id = await stage.queue([
      {
        key: 'a',
        type: 'command',
        with: { run: `head -c 90000000 /dev/zero | tr '\\0' x | fold -w 200000; echo end` },
      },
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const { rows } = await stage.db.pool.query<{ bytes: string }>(
      'SELECT sum(octet_length(message)) AS bytes FROM log_line WHERE job_id = $1',
      [id],
    );
    expect(Number(rows[0]?.bytes)).toBeLessThan(65 * 1024 ** 2);
    const last = (await stage.lines(id)).at(-1);
    expect(last).toMatchObject({
      stream: 'SYSTEM',
      level: 'WARNING',
      message: 'The log of this step has reached 64 MiB: what it writes from here on is dropped',
    });
  });
});
