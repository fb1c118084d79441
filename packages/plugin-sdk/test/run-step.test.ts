import { describe, expect, test } from 'vitest';
import type { ObjectSchema, StepContext } from '../src/index.ts';
import { defineStepType, StepFailure } from '../src/index.ts';
import { runStep } from '../src/testing.ts';
import { isAlive } from './is-alive.ts';

const anything: ObjectSchema = { type: 'object' };

/** A step type whose whole behaviour is the given function. */
function stepThat<Output>(run: (ctx: StepContext<Record<string, unknown>>) => Promise<Output>, config = anything) {
  return defineStepType<Record<string, unknown>, Output>({
    type: 'acme.test',
    title: 'Test',
    description: 'Does what the test says.',
    config,
    run,
  });
}

describe('what a step is given', () => {
  test('defaults of the schema are filled into the config, in nested objects too', async () => {
    const schema: ObjectSchema = {
      type: 'object',
      properties: {
        times: { type: 'integer', default: 3 },
        style: { type: 'object', default: {}, properties: { loud: { type: 'boolean', default: true } } },
        name: { type: 'string' },
      },
    };
    const run = await runStep(
      stepThat(async (ctx) => ctx.config, schema),
      { config: { name: 'x' } },
    );
    expect(run.output).toEqual({ name: 'x', times: 3, style: { loud: true } });
  });

  test('the job input, the attempt and what a wait brought are there', async () => {
    const run = await runStep(
      stepThat(async (ctx) => [ctx.job.input, ctx.attempt.number, ctx.resume]),
      { input: { repository: '.' }, attempt: 2, resume: { approved: true, comment: 'go' } },
    );
    expect(run.output).toEqual([{ repository: '.' }, 2, { approved: true, comment: 'go' }]);
  });

  test('a secret that is not set fails the step as CONFIGURATION and names it', async () => {
    const run = await runStep(stepThat(async (ctx) => ctx.secret('TOKEN')));
    expect(run.failure).toMatchObject({ category: 'CONFIGURATION', message: expect.stringContaining('TOKEN') });
  });

  test('a secret is masked in lines, progress, output and errors once it was asked for', async () => {
    const step = stepThat(async (ctx) => {
      ctx.log('INFO', 'before: s3cret');
      const token = ctx.secret('TOKEN');
      ctx.log('INFO', `after: ${token}`);
      ctx.progress(10, token);
      await ctx.spawn('echo', [token]);
      if (ctx.config.fail) throw new StepFailure(`refused ${token}`, { category: 'AUTH' });
      return { header: `Bearer ${token}` };
    });
    const good = await runStep(step, { secrets: { TOKEN: 's3cret' } });
    expect(good.lines.map((line) => line.message)).toEqual(['before: s3cret', 'after: ***', '***']);
    expect(good.progress).toEqual([{ percent: 10, note: '***' }]);
    expect(good.output).toEqual({ header: 'Bearer ***' });
    const bad = await runStep(step, { config: { fail: true }, secrets: { TOKEN: 's3cret' } });
    expect(bad.failure).toMatchObject({ message: 'refused ***', category: 'AUTH' });
  });
});

describe('what becomes of a step', () => {
  test('everything it says is recorded', async () => {
    const run = await runStep(
      stepThat(async (ctx) => {
        ctx.log('WARNING', 'one\ntwo');
        ctx.progress(50, 'half way');
        ctx.cost({ model: 'acme/one', inputTokens: 3, microUsd: 12n });
        const { id } = await ctx.artifact('report.txt', 'done', 'text/plain');
        return { id };
      }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.lines).toEqual([
      { level: 'WARNING', stream: 'STDOUT', message: 'one' },
      { level: 'WARNING', stream: 'STDOUT', message: 'two' },
    ]);
    expect(run.progress).toEqual([{ percent: 50, note: 'half way' }]);
    expect(run.costs).toEqual([{ model: 'acme/one', inputTokens: 3, microUsd: 12n }]);
    expect(run.artifacts).toEqual([{ name: 'report.txt', content: Buffer.from('done'), contentType: 'text/plain' }]);
    expect(run.output).toEqual({ id: 'artifact-1' });
  });

  test('an artifact may be a file that a program left in the working folder', async () => {
    const run = await runStep(
      stepThat(async (ctx) => {
        await ctx.spawn('printf hello > made.txt', [], { shell: true });
        await ctx.artifact('made', { path: 'made.txt' });
      }),
    );
    expect(run.artifacts.map(({ content }) => content.toString())).toEqual(['hello']);
  });

  test('a wait is told apart from an output', async () => {
    const run = await runStep(stepThat(async () => ({ wait: { approval: { message: 'Publish?' } } })));
    expect(run.wait).toEqual({ approval: { message: 'Publish?' } });
    expect(run).not.toHaveProperty('output');
  });

  test.each([
    ['an error', () => Promise.reject(new Error('broken')), 'broken'],
    ['something that is no error', () => Promise.reject('text'), 'text'],
    [
      'an error before it returns a promise',
      () => {
        throw new TypeError('sync');
      },
      'sync',
    ],
  ])('%s that is thrown is a PLUGIN failure', async (_name, run, message) => {
    const { failure } = await runStep(stepThat(run));
    expect(failure).toMatchObject({ category: 'PLUGIN', message });
  });

  test('a StepFailure keeps its category and what it says about trying again', async () => {
    const error = new StepFailure('slow down', { category: 'RATE_LIMIT', retryable: true });
    const { failure } = await runStep(stepThat(() => Promise.reject(error)));
    expect(failure).toEqual({ message: 'slow down', category: 'RATE_LIMIT', retryable: true, cause: error });
    expect(new StepFailure('x').category).toBe('PLUGIN');
  });

  test('an output that JSON cannot carry is a PLUGIN failure', async () => {
    const { failure, output } = await runStep(stepThat(async () => ({ big: 1n })));
    expect(failure?.category).toBe('PLUGIN');
    expect(output).toBeUndefined();
  });
});

describe('stopping', () => {
  test('abortAfterMs cancels the step', async () => {
    const run = await runStep(
      stepThat(async (ctx) => {
        await new Promise((done) => ctx.signal.addEventListener('abort', done));
        await ctx.checkpoint();
      }),
      { abortAfterMs: 20 },
    );
    expect(run.failure).toMatchObject({ category: 'CANCELLED', message: 'The step was stopped: cancelled.' });
  });

  test('a step that is told to stop by a timeout fails with TIMEOUT, and may not start programs any more', async () => {
    const run = await runStep(
      stepThat((ctx) => ctx.spawn('true', [])),
      { signal: AbortSignal.abort('timeout') },
    );
    expect(run.failure?.category).toBe('TIMEOUT');
    expect(run.lines).toEqual([]);
  });

  test('a step that ignores the stop is reported and not waited for', async () => {
    const run = await runStep(
      stepThat(() => new Promise(() => undefined)),
      { signal: AbortSignal.abort('cancelled') },
    );
    expect(run.failure?.message).toContain('did not end within 5 s');
  });

  test('a stop ends the whole process group of a program, grandchildren that ignore it included', async () => {
    const cancel = new AbortController();
    const pids: number[] = [];
    const script = `(trap '' TERM; echo $$; while :; do sleep 0.1; done) & sh -c 'echo $$; exec sleep 100' & wait`;
    const run = await runStep(
      stepThat((ctx) => ctx.spawn(script, [], { shell: true })),
      {
        signal: cancel.signal,
        onLine(line) {
          pids.push(Number(line.message));
          if (pids.length === 2) cancel.abort('cancelled');
        },
      },
    );
    expect(pids).toHaveLength(2);
    expect(run.output).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  test('what a step leaves running in the background is killed when it ends', async () => {
    const run = await runStep(stepThat((ctx) => ctx.spawn('sleep 100 & echo $!', [], { shell: true })));
    const pid = Number(run.lines[0]?.message);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe('programs', () => {
  test('lines keep their stream, and onLine decides what is logged', async () => {
    const run = await runStep(
      stepThat((ctx) =>
        ctx.spawn('echo out; echo err >&2', [], {
          shell: true,
          onLine: (line, stream) => ctx.log(stream === 'STDERR' ? 'WARNING' : 'DEBUG', line.toUpperCase()),
        }),
      ),
    );
    expect(run.lines).toEqual(
      expect.arrayContaining([
        { level: 'DEBUG', stream: 'STDOUT', message: 'OUT' },
        { level: 'WARNING', stream: 'STDERR', message: 'ERR' },
      ]),
    );
    expect(run.lines).toHaveLength(2);
    expect(run.output).toEqual({ exitCode: 0, signal: null, stdout: 'out\n', stderr: 'err\n', truncated: false });
  });

  test('letters split between two reads, Windows line ends and a missing last line end are put right', async () => {
    const script = `printf 'a\\r\\n\\303'; sleep 0.05; printf '\\244b'`;
    const run = await runStep(stepThat((ctx) => ctx.spawn(script, [], { shell: true })));
    expect(run.lines.map((line) => line.message)).toEqual(['a', 'äb']);
  });

  test('a megabyte without a line end becomes several lines, and the tail says that it is cut', async () => {
    const script = 'head -c 1000000 /dev/zero | tr "\\0" a';
    const run = await runStep(stepThat((ctx) => ctx.spawn(script, [], { shell: true })));
    expect(run.lines.map((line) => line.message).join('')).toBe('a'.repeat(1_000_000));
    expect(run.lines.length).toBeGreaterThan(3);
    expect(run.output).toMatchObject({ exitCode: 0, truncated: true });
  });

  test('stdin is what was given, and closed when nothing was', async () => {
    const given = await runStep(stepThat((ctx) => ctx.spawn('cat', [], { stdin: 'hello' })));
    expect(given.output).toMatchObject({ stdout: 'hello' });
    const absent = await runStep(stepThat((ctx) => ctx.spawn('cat', [])));
    expect(absent.output).toMatchObject({ exitCode: 0, stdout: '' });
  });

  test('the environment is an allow-list with the names of the job and what the step adds', async () => {
    process.env.SIGNALBOX_TEST_LEAK = 'leaked';
    const run = await runStep(stepThat((ctx) => ctx.spawn('env', [], { env: { EXTRA: 'yes' } })));
    delete process.env.SIGNALBOX_TEST_LEAK;
    const names = run.lines.map((line) => line.message.split('=')[0]);
    expect(names).toEqual(
      expect.arrayContaining(['PATH', 'EXTRA', 'SIGNALBOX_JOB_ID', 'SIGNALBOX_STEP_KEY', 'SIGNALBOX_ATTEMPT']),
    );
    expect(names).toContain('SIGNALBOX_IDEMPOTENCY_KEY');
    expect(names).not.toContain('SIGNALBOX_TEST_LEAK');
  });

  test('a program that is not there rejects with the code of the system, a missing folder with a sentence', async () => {
    const program = await runStep(stepThat((ctx) => ctx.spawn('no-such-program-here', [])));
    expect(program.failure?.cause).toMatchObject({ code: 'ENOENT' });
    const folder = await runStep(stepThat((ctx) => ctx.spawn('true', [], { cwd: 'nowhere' })));
    expect(folder.failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('"nowhere"') });
  });

  test('an error thrown by onLine fails the step', async () => {
    const run = await runStep(
      stepThat((ctx) =>
        ctx.spawn('echo', ['x'], {
          onLine: () => {
            throw new Error('bad reader');
          },
        }),
      ),
    );
    expect(run.failure).toMatchObject({ category: 'PLUGIN', message: 'bad reader' });
  });
});
