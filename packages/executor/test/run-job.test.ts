import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage, type TestStep, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor({ SIGNALBOX_SECRET_TOKEN: 'very-secret-token' });
});
afterAll(() => stage.close());

const echo = (key: string, more: object = {}) => ({ key, type: 'test.echo', ...more });
const command = (key: string, run: string, more: object = {}) => ({ key, type: 'command', with: { run }, ...more });

describe('a job runs', () => {
  test('three steps in a row, each with the output of the one before, and settles with the output of the workflow', async () => {
    const id = await stage.queue(
      [
        command('write', 'echo hello; echo "{\\"n\\": 1}" > "$SIGNALBOX_OUTPUT"'),
        echo('use', { with: { greeting: '${{ steps.write.output.stdout }}', count: '${{ steps.write.output.n }}' } }),
        {
          key: 'print',
          type: 'command',
          with: { program: 'printf', args: ['%s', '${{ steps.use.output.greeting }}!'] },
        },
      ],
      { output: { end: '${{ steps.print.output.stdout }}', count: '${{ steps.use.output.count }}' } },
    );
    const job = await stage.settled(id);
    expect(job).toMatchObject({
      status: 'COMPLETED',
      output: { end: 'hello!', count: 1 },
      completedSteps: 3,
      currentStepKey: null,
    });
    expect(job.step('use')).toMatchObject({ status: 'COMPLETED', input: { greeting: 'hello', count: 1 } });
    expect(job.steps.map(({ attempts }) => attempts)).toEqual(
      Array(3).fill([{ number: 1, status: 'COMPLETED', category: null, epoch: 1 }]),
    );
    expect((await stage.lines(id)).map(({ message, stepKey, stream }) => [stepKey, stream, message])).toEqual([
      ['write', 'STDOUT', 'hello'],
      ['print', 'STDOUT', 'hello!'],
    ]);
  });

  test('with the input of the job and the defaults of the step type', async () => {
    const job = await stage.settled(
      await stage.queue([echo('a', { with: { count: '${{ input.n }}' } })], { input: { n: 7 } }),
    );
    expect(job.output).toEqual({ greeting: 'hello', count: 7 });
  });

  test('steps that need nothing of each other at the same time', async () => {
    const folder = path.join(stage.folder, 'meeting');
    await mkdir(folder);
    const meet = (own: string, other: string) =>
      command(own, `touch ${folder}/${own}; while [ ! -e ${folder}/${other} ]; do sleep 0.01; done`, {
        needs: [],
        timeoutMs: 10_000,
      });
    const job = await stage.settled(
      await stage.queue([meet('left', 'right'), meet('right', 'left'), echo('join', { needs: ['left', 'right'] })]),
    );
    expect(job.steps.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  });

  test('at most ten steps at once, and all of them in the end', async () => {
    const steps = Array.from({ length: 25 }, (_, index) => echo(`s${index}`, { needs: [] }));
    const job = await stage.settled(await stage.queue(steps));
    expect(job).toMatchObject({ status: 'COMPLETED', completedSteps: 25 });
  });

  test('without the steps whose condition is false, and says why', async () => {
    const job = await stage.settled(
      await stage.queue([echo('a'), echo('b', { if: 'steps.a.output.greeting == "bye"' }), echo('c')]),
    );
    expect(job.steps.map(({ status }) => status)).toEqual(['COMPLETED', 'SKIPPED', 'COMPLETED']);
    expect(job.step('b').because).toContain('condition is false');
    expect(job).toMatchObject({ status: 'COMPLETED', completedSteps: 3 });
  });

  test('in a working folder that its steps share and that is gone afterwards', async () => {
    const id = await stage.queue([command('a', 'echo shared > note; pwd'), command('b', 'cat note')]);
    const job = await stage.settled(id);
    expect(job.step('b').output).toMatchObject({ stdout: 'shared' });
    const { stdout } = job.step('a').output as { stdout: string };
    expect(stdout.startsWith(path.join(stage.folder, 'work'))).toBe(true);
    await until(
      'the folder is gone',
      () => readdir(path.dirname(stdout)),
      (names) => !names.includes(path.basename(stdout)),
    );
  });

  test('programs with an allow-listed environment, their own markers and a closed stdin', async () => {
    process.env.LEAKED_FOR_TEST = 'must not be seen';
    const id = await stage.queue([{ key: 'env', type: 'test.environment' }]);
    const { stdout } = (await stage.settled(id)).output as { stdout: string[] };
    expect(stdout).toContain(`SIGNALBOX_JOB_ID=${id}`);
    expect(stdout).toContain('SIGNALBOX_STEP_KEY=env');
    expect(stdout).toContain('SIGNALBOX_ATTEMPT=1');
    expect(stdout).toContain(`SIGNALBOX_IDEMPOTENCY_KEY=${id}:env:1`);
    expect(stdout.some((line) => line.startsWith('PATH='))).toBe(true);
    expect(stdout.join()).not.toMatch(/LEAKED_FOR_TEST|DATABASE_URL|very-secret/);
    expect(stdout).toContain('end of stdin');
  });
});

describe('a step fails', () => {
  test('and the job with it: its error, its category, and why the rest was skipped', async () => {
    const id = await stage.queue([echo('a'), command('bad', 'echo oh no >&2; exit 3'), echo('c'), echo('d')]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'PROCESS', errorStepKey: 'bad', completedSteps: 4 });
    expect(job.error).toContain('code 3');
    expect(job.step('bad')).toMatchObject({ status: 'FAILED', category: 'PROCESS' });
    expect(job.step('c').because).toBe('needs bad, which failed');
    expect(job.step('d').because).toContain('bad failed');
    expect(await stage.logged(id, /^Step failed \(PROCESS\)/)).toMatchObject({
      level: 'ERROR',
      stream: 'SYSTEM',
      stepKey: 'bad',
    });
  });

  test('and the job goes on when the workflow says so', async () => {
    const job = await stage.settled(
      await stage.queue([command('bad', 'exit 1', { continueOnError: true }), echo('b')]),
    );
    expect(job).toMatchObject({ status: 'COMPLETED' });
    expect(job.steps.map(({ status }) => status)).toEqual(['FAILED', 'COMPLETED']);
  });

  test('with PLUGIN and the message only when a plugin throws something of its own', async () => {
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.fail' }]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'PLUGIN', error: 'a fault of the plugin' });
    const text = await stage.settled(
      await stage.queue([{ key: 'a', type: 'test.odd', with: { what: 'thrown text' } }]),
    );
    expect(text).toMatchObject({ status: 'FAILED', category: 'PLUGIN', error: 'just a text' });
  });

  test('when its input does not fit its type, with the place and the reason', async () => {
    const job = await stage.settled(await stage.queue([echo('a', { with: { count: 'many' } })]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'USER_INPUT' });
    expect(job.error).toContain('/count');
    expect(job.step('a').attempts).toHaveLength(1);
  });

  test('when an expression in its input cannot be evaluated', async () => {
    const job = await stage.settled(await stage.queue([echo('a', { with: { greeting: '${{ input.missing }}' } })]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'USER_INPUT' });
    expect(job.error).toContain('input.missing');
  });

  test('when its condition cannot be evaluated', async () => {
    const id = await stage.queue([echo('a'), echo('b', { if: 'input.missing == 1' })]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'CONFIGURATION', errorStepKey: 'b' });
    expect(await stage.logged(id, /^Step failed \(CONFIGURATION\)/)).toMatchObject({ stream: 'SYSTEM', stepKey: 'b' });
  });

  test('when this worker does not know its type, and says what to do', async () => {
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'acme.unknown' }]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'CONFIGURATION' });
    expect(job.error).toContain('SIGNALBOX_PLUGINS');
  });

  test.each([
    ['bigint', /JSON/],
    ['text', /promises.*\/n/],
    ['wait for nothing', /asked to wait, but it names neither/],
  ])('when it gives back what it should not: %s', async (what, message) => {
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.odd', with: { what } }]));
    expect(job.status).toBe('FAILED');
    expect(job.error).toMatch(message);
  });

  test('not because of signs that a database cannot keep: they are shown by others', async () => {
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.odd', with: { what: 'nul' } }]));
    expect(job).toMatchObject({ status: 'COMPLETED', output: { n: 1, text: 'a␀b\ufffd' } });
  });

  test('when its program does not exist', async () => {
    const job = await stage.settled(
      await stage.queue([{ key: 'a', type: 'command', with: { program: '/no/such/program' } }]),
    );
    expect(job).toMatchObject({ status: 'FAILED', category: 'CONFIGURATION' });
  });

  test('when its folder does not exist', async () => {
    const job = await stage.settled(
      await stage.queue([{ key: 'a', type: 'command', with: { run: 'true', cwd: 'nowhere' } }]),
    );
    expect(job).toMatchObject({ status: 'FAILED', category: 'USER_INPUT' });
    expect(job.error).toContain('nowhere');
  });
});

describe('a retry', () => {
  const retry = { attempts: 3, delayMs: 20, factor: 1, maxDelayMs: 100 };

  test('tries again until it works, and keeps every attempt', async () => {
    const id = await stage.queue([
      { key: 'a', type: 'test.fail', with: { category: 'NETWORK', until: 3 }, retry },
      echo('b'),
    ]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED' });
    expect(job.step('a').attempts.map(({ category, status }) => [status, category])).toEqual([
      ['FAILED', 'NETWORK'],
      ['FAILED', 'NETWORK'],
      ['COMPLETED', null],
    ]);
    expect(await stage.logged(id, /^Attempt 1 failed \(NETWORK\), next try in 0.02 s: no luck/)).toMatchObject({
      level: 'WARNING',
      stream: 'SYSTEM',
    });
  });

  test('ends with the last failure', async () => {
    const job = await stage.settled(
      await stage.queue([{ key: 'a', type: 'test.fail', with: { category: 'NETWORK' }, retry }]),
    );
    expect(job).toMatchObject({ status: 'FAILED', category: 'NETWORK' });
    expect(job.step('a').attempts).toHaveLength(3);
  });

  test('is left out where the failure says that it cannot help', async () => {
    const given = { category: 'NETWORK', retryable: false };
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.fail', with: given, retry }]));
    expect(job.step('a').attempts).toHaveLength(1);
  });
});

describe('a step tells', () => {
  test('its progress and its cost', async () => {
    const id = await stage.queue([{ key: 'a', type: 'test.progress', with: { values: [10, 200, Number.NaN] } }]);
    const job = await stage.settled(id);
    expect(job.status).toBe('COMPLETED');
    const step = await stage.db.prisma.jobStep.findFirstOrThrow({ where: { jobId: id } });
    expect(step).toMatchObject({ microUsd: 123n, inputTokens: 11n, outputTokens: 5n });
    expect(await stage.logged(id, /^at 10$/)).toMatchObject({ level: 'PROGRESS' });
  });

  test('its progress while it runs', async () => {
    const file = path.join(stage.folder, 'go-on');
    const id = await stage.queue([
      echo('first'),
      command('second', `echo ::progress 40::half way; while [ ! -e ${file} ]; do sleep 0.01; done`),
    ]);
    const seen = await until(
      'progress is stored',
      () => stage.job(id),
      (job) => job.stepPercent === 40,
    );
    expect(seen).toMatchObject({ status: 'RUNNING', currentStepKey: 'second', completedSteps: 1 });
    await writeFile(file, '');
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', stepPercent: 0 });
  });

  test('files that are kept with the job', async () => {
    const steps: TestStep[] = [
      { key: 'text', type: 'test.artifact', with: { name: '../re/port.md', text: '# Report' } },
      { key: 'file', type: 'test.artifact', with: { name: 'file', path: 'made.txt' } },
      { key: 'page', type: 'test.artifact', with: { name: 'page.html', path: 'made.txt' } },
    ];
    const id = await stage.queue(steps);
    const job = await stage.settled(id);
    expect(job.status).toBe('COMPLETED');
    const artifacts = await stage.db.prisma.artifact.findMany({ where: { jobId: id }, orderBy: { id: 'asc' } });
    expect(artifacts).toMatchObject([
      { name: '.._re_port.md', contentType: 'text/markdown', sizeBytes: 8n, stepId: job.step('text').id },
      { name: 'file', contentType: 'application/octet-stream', sizeBytes: 11n },
      { name: 'page.html', contentType: 'text/html; charset=utf-8' },
    ]);
    expect(job.step('text').output).toEqual({ id: artifacts[0]?.id, url: `/artifacts/${artifacts[0]?.id}` });
    const stored = await Promise.all(
      artifacts.map(({ storageKey }) => readFile(path.join(stage.folder, 'artifacts', storageKey), 'utf8')),
    );
    expect(stored).toEqual(['# Report', 'from a file', 'from a file']);
  });

  test('no file that is none, and leaves no half of it', async () => {
    const id = await stage.queue([{ key: 'a', type: 'test.artifact', with: { name: 'x', path: '/dev/null' } }]);
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'USER_INPUT' });
    expect(await stage.db.prisma.artifact.count({ where: { jobId: id } })).toBe(0);
    expect(await readdir(path.join(stage.folder, 'artifacts', id))).toEqual([]);
  });
});

describe('a secret', () => {
  test('is masked in the stored input, in the log, in the output of programs and of the step', async () => {
    const given = { name: 'TOKEN', given: 'prefix ${{ secrets.TOKEN }}' };
    const id = await stage.queue([
      { key: 'a', type: 'test.secret', with: given },
      { key: 'b', type: 'test.fail', with: { message: 'about very-secret-token' } },
    ]);
    const job = await stage.settled(id);
    expect(job.step('a')).toMatchObject({
      status: 'COMPLETED',
      input: { name: 'TOKEN', given: 'prefix ***' },
      output: { value: '***', nested: { list: ['x***x'] } },
    });
    expect(job.error).toBe('about ***');
    const lines = (await stage.lines(id)).map(({ message }) => message);
    expect(lines[0]).toMatch(/^plain \*\*\* base64 .*\*\*\*.* url \*\*\*$/);
    expect(lines.slice(1, 3)).toEqual(['given prefix ***', '***']);
    expect(JSON.stringify([job, lines])).not.toContain('very-secret');
  });

  test('that is not set fails the step and names the variable', async () => {
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.secret', with: { name: 'MISSING' } }]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'CONFIGURATION' });
    expect(job.error).toContain('SIGNALBOX_SECRET_MISSING');
  });
});
