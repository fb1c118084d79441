/** What people and programs do to commands, on a real executor. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage, type TestStep } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor();
});
afterAll(() => stage.close());

const command = (key: string, config: object, more: Partial<TestStep> = {}): TestStep => ({
  key,
  type: 'command',
  with: { ...config },
  needs: [],
  continueOnError: true,
  ...more,
});

test('a command that cannot be started fails in words that say what to do, and a reader of stdin does not hang', async () => {
  const job = await stage.settled(
    await stage.queue([
      command('missing', { program: 'no-such-program-here' }),
      command('plain', { program: '/etc/passwd' }),
      command('long', { program: 'echo', args: ['x'.repeat(4_000_000)] }),
      command('nowhere', { run: 'true', cwd: 'nowhere' }),
      command('file', { run: 'true', cwd: '/etc/passwd' }),
      command('reader', { program: 'cat' }),
    ]),
  );
  const told = job.steps.map(({ category, error, key, status }) => [key, status, category, error?.slice(0, 200) ?? '']);
  expect(told).toEqual([
    ['missing', 'FAILED', 'CONFIGURATION', expect.stringContaining('was not found on this worker')],
    ['plain', 'FAILED', 'CONFIGURATION', expect.stringContaining('may not be executed')],
    ['long', 'FAILED', 'USER_INPUT', expect.stringContaining('too long')],
    ['nowhere', 'FAILED', 'USER_INPUT', expect.stringContaining('does not exist')],
    ['file', 'FAILED', 'USER_INPUT', expect.stringContaining('does not exist')],
    ['reader', 'COMPLETED', null, ''],
  ]);
});

test('a command that deletes its own folder ends as it wants, and the next step finds a folder again', async () => {
  const job = await stage.settled(
    await stage.queue([
      command('delete', { run: 'rm -rf "$PWD"; echo gone', artifacts: ['*'] }),
      command('next', { run: 'echo there > file && cat file' }, { needs: ['delete'] }),
    ]),
  );
  expect(job.step('delete')).toMatchObject({ status: 'COMPLETED', output: { stdout: 'gone' } });
  expect(job.step('next')).toMatchObject({ status: 'COMPLETED', output: { stdout: 'there' } });
});

test('artifacts are kept by patterns', async () => {
  const jobId = await stage.queue([
    command('build', {
      run: 'mkdir dist; echo 1 > dist/a.txt; ln -s /etc/passwd dist/b.txt',
      artifacts: ['dist/*.txt'],
    }),
  ]);
  await stage.settled(jobId);
  const kept = await stage.db.prisma.artifact.findMany({ where: { jobId } });
  expect(kept.map(({ name, sizeBytes }) => [name, Number(sizeBytes)])).toEqual([['dist_a.txt', 2]]);
});
