import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import type { CommandConfig } from '../src/command.ts';
import { command } from '../src/command.ts';
import { isAlive } from './is-alive.ts';

const run = (config: CommandConfig) => runStep(command, { config });

describe('what is run', () => {
  test('a shell text gets its values by env, untouched by the shell', async () => {
    const { output, failure } = await run({
      run: 'printf "%s" "$NAME" | tr a-z A-Z',
      env: { NAME: 'a; echo $(b)', COUNT: 3 },
    });
    expect(failure).toBeUndefined();
    expect(output).toEqual({ exitCode: 0, stdout: 'A; ECHO $(B)', stderr: '' });
  });

  test('a program gets each argument exactly as it is, numbers and true as text', async () => {
    const { output } = await run({ program: 'printf', args: ['%s|', 'a b', '$HOME', '*', 7, true] });
    expect(output?.stdout).toBe('a b|$HOME|*|7|true|');
  });

  test('every line end at the end of the output is taken off, and none within', async () => {
    const { output } = await run({ run: "printf 'a\\n\\nb\\r\\n\\n'; echo oops >&2" });
    expect(output).toMatchObject({ stdout: 'a\n\nb', stderr: 'oops' });
  });

  test('it runs in the working folder, or in the cwd that is given', async () => {
    expect((await run({ program: 'pwd', cwd: '/' })).output?.stdout).toBe('/');
    expect((await run({ run: 'mkdir sub && cd sub && pwd' })).output?.stdout).toMatch(/signalbox-step-.*\/sub$/);
  });

  test('stdin is closed, so that a program that reads it does not hang', async () => {
    expect((await run({ program: 'cat' })).output).toMatchObject({ exitCode: 0, stdout: '' });
  });

  test('the command knows its job, step, attempt and idempotency key', async () => {
    const { output } = await run({
      run: 'echo "$SIGNALBOX_JOB_ID/$SIGNALBOX_STEP_KEY/$SIGNALBOX_ATTEMPT/$SIGNALBOX_IDEMPOTENCY_KEY"',
    });
    expect(output?.stdout).toMatch(/^[0-9a-f-]{36}\/step\/1\/.+$/);
  });

  test.each([
    ['neither run nor program', {}],
    ['both', { run: 'true', program: 'true' }],
    ['args without a program', { run: 'true', args: ['x'] }],
  ])('%s is refused with a sentence about what to give', async (_what, config) => {
    const { failure } = await run(config);
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('either `run`') });
  });

  test('people see the program, or the first line of the shell text, shortened', () => {
    expect(command.uses?.({ program: 'git', args: ['log'] })).toBe('git');
    expect(command.uses?.({ run: '\n  npm ci\nnpm test' })).toBe('npm ci');
    expect(command.uses?.({ run: 'x'.repeat(100) })).toHaveLength(60);
    expect(command.uses?.({})).toBe('');
  });
});

describe('marks in the output', () => {
  test('a mark sets the level of its line, and the line keeps its stream', async () => {
    const { lines } = await run({
      run: `echo '::debug::d'; echo '::info::i'; echo '::success::s'; echo '::warning::w'; echo plain
            echo '::error::e' >&2; echo 'plain err' >&2`,
    });
    expect(lines.filter((line) => line.stream === 'STDOUT')).toEqual([
      { level: 'DEBUG', stream: 'STDOUT', message: 'd' },
      { level: 'INFO', stream: 'STDOUT', message: 'i' },
      { level: 'SUCCESS', stream: 'STDOUT', message: 's' },
      { level: 'WARNING', stream: 'STDOUT', message: 'w' },
      { level: 'INFO', stream: 'STDOUT', message: 'plain' },
    ]);
    expect(lines.filter((line) => line.stream === 'STDERR')).toEqual([
      { level: 'ERROR', stream: 'STDERR', message: 'e' },
      { level: 'INFO', stream: 'STDERR', message: 'plain err' },
    ]);
  });

  test('a progress mark is progress and no line', async () => {
    const { progress, lines } = await run({ run: "echo '::progress 40::half way'; echo '::progress 99.5::'" });
    expect(progress).toEqual([{ percent: 40, note: 'half way' }, { percent: 99.5 }]);
    expect(lines).toEqual([]);
  });

  test.each(['::progress 101::x', '::progress -1::x', '::progress::x', '::fatal::x', ' ::error::x', '::error:x'])(
    'what only looks like a mark is an ordinary line: %s',
    async (line) => {
      const result = await run({ program: 'echo', args: [line] });
      expect(result.lines).toEqual([{ level: 'INFO', stream: 'STDOUT', message: line }]);
      expect(result.progress).toEqual([]);
    },
  );
});

describe('the output file', () => {
  test('its JSON object is part of the output, and the file is deleted afterwards', async () => {
    const { output } = await run({
      run: 'echo "$SIGNALBOX_OUTPUT"; printf \'{"files": 3, "names": ["a"]}\' > "$SIGNALBOX_OUTPUT"',
    });
    expect(output).toMatchObject({ exitCode: 0, files: 3, names: ['a'] });
    expect(existsSync(dirname(output?.stdout ?? '/'))).toBe(false);
  });

  test('an empty one, or one that was never written, adds nothing', async () => {
    const { output } = await run({ run: ': > "$SIGNALBOX_OUTPUT"' });
    expect(output).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  test.each([
    ['a list', 'echo "[1]" > "$SIGNALBOX_OUTPUT"', 'holds a list'],
    ['a number', 'echo 7 > "$SIGNALBOX_OUTPUT"', 'holds 7'],
    ['no JSON', 'echo "{oops" > "$SIGNALBOX_OUTPUT"', 'is not JSON'],
    ['no UTF-8', 'printf "\\377" > "$SIGNALBOX_OUTPUT"', 'is not UTF-8'],
    ['more than 1 MiB', 'head -c 1048577 /dev/zero | tr "\\0" 1 > "$SIGNALBOX_OUTPUT"', 'larger than 1 MiB'],
    ['a folder', 'mkdir "$SIGNALBOX_OUTPUT"', 'is not an ordinary file'],
    ['a pipe', 'mkfifo "$SIGNALBOX_OUTPUT"', 'is not an ordinary file'],
  ])('%s in it fails the step with what is wrong', async (_what, script, message) => {
    const { failure } = await run({ run: script });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining(message) });
    expect(failure?.message).toContain('$SIGNALBOX_OUTPUT');
  });
});

describe('artifacts', () => {
  const names = (artifacts: { name: string }[]) => artifacts.map(({ name }) => name);

  test('are the files that fit a pattern, by their paths or by a name of their own', async () => {
    const { artifacts, failure } = await run({
      run: 'mkdir -p dist/deep/er other; echo 1 > dist/a.zip; echo 2 > dist/deep/er/b.zip; echo 3 > dist/c.txt; echo 4 > other/d.zip',
      artifacts: ['dist/**/*.zip', { glob: './dist/?.txt', name: 'notes.txt', contentType: 'text/plain' }, '**/a.*'],
    });
    expect(failure).toBeUndefined();
    expect(names(artifacts)).toEqual(['dist/a.zip', 'dist/deep/er/b.zip', 'notes.txt']);
    expect(artifacts.at(-1)).toMatchObject({ contentType: 'text/plain', content: Buffer.from('3\n') });
  });

  test('are kept of a command that fails too', async () => {
    const { artifacts, failure } = await run({ run: 'echo x > report.xml; exit 3', artifacts: ['*.xml'] });
    expect(names(artifacts)).toEqual(['report.xml']);
    expect(failure?.message).toContain('exited with code 3');
  });

  test('lead nowhere else: links are passed over, and so are files with a second name', async () => {
    const { artifacts, lines } = await run({
      run: 'ln -s /etc/passwd soft; ln -s /etc folder; echo x > one; ln one two; mkfifo pipe; echo y > good',
      artifacts: ['**'],
    });
    expect(names(artifacts)).toEqual(['good']);
    expect(lines.filter(({ level }) => level === 'WARNING')).toHaveLength(2);
  });

  test('that are not there are a warning', async () => {
    const { failure, lines } = await run({ run: 'true', artifacts: ['dist/*'] });
    expect(failure).toBeUndefined();
    expect(lines.map(({ message }) => message)).toEqual(['No file fits the artifact pattern "dist/*".']);
  });

  test.each(['/etc/*', '../*', 'a/../../b', 'a\0b'])(
    'of the pattern %j are refused before anything runs',
    async (glob) => {
      const { failure, lines } = await run({ run: 'echo ran', artifacts: [{ glob }] });
      expect(failure).toMatchObject({ category: 'USER_INPUT', retryable: false });
      expect(lines).toEqual([]);
    },
  );

  test('of a hostile pattern cost no time', async () => {
    const { failure } = await run({
      run: 'touch "$NAME"',
      env: { NAME: 'a'.repeat(200) },
      artifacts: [`${'*a'.repeat(100)}b`, `${'**/'.repeat(1_000)}b`],
    });
    expect(failure).toBeUndefined();
  });
});

describe('failures', () => {
  test('a non-zero exit is explained by the line that the program marked as an error, wherever it wrote it', async () => {
    const { failure } = await run({ run: 'echo "::error::no such order"; echo done; exit 3' });
    expect(failure?.message).toBe('The command exited with code 3: no such order');
  });

  test('a non-zero exit is explained by the error in stderr and not by the stack trace behind it', async () => {
    const program = `throw new TypeError('no "path" given')`;
    const { failure } = await run({ program: process.execPath, args: ['-e', program] });
    expect(failure?.message).toMatch(/exited with code 1: TypeError: no "path" given$/);
  });

  test('a non-zero exit names the program, the code and the last line of stderr', async () => {
    const { failure } = await run({
      program: 'sh',
      args: ['-c', 'echo a >&2; echo ::error::b >&2; echo >&2; exit 128'],
    });
    expect(failure).toMatchObject({ category: 'PROCESS', message: 'sh exited with code 128: b' });
  });

  test('colours do not get into the message, and a long line is cut', async () => {
    const { failure } = await run({
      run: `printf '\\033[31m%s\\033[0m\\n' "$LONG" >&2; exit 1`,
      env: { LONG: 'x'.repeat(1000) },
    });
    expect(failure?.message).toBe(`The command exited with code 1: ${'x'.repeat(300)}…`);
  });

  test('a signal is named', async () => {
    const { failure } = await run({ run: 'kill -KILL $$' });
    expect(failure).toMatchObject({
      category: 'PROCESS',
      message: 'The command was ended by the signal SIGKILL, as happens when memory runs out.',
    });
  });

  test.each([
    [
      'a program that is not there',
      { program: 'no-such-program-here' },
      'CONFIGURATION',
      'was not found on this worker',
    ],
    ['a file that is no program', { program: '/etc/passwd' }, 'CONFIGURATION', 'may not be executed'],
    ['a folder that is not there', { run: 'true', cwd: 'nowhere' }, 'USER_INPUT', '"nowhere" does not exist'],
    ['a NUL in an argument', { program: 'echo', args: ['a\0b'] }, 'USER_INPUT', 'NUL'],
    ['arguments too long', { program: 'echo', args: ['x'.repeat(4_000_000)] }, 'USER_INPUT', 'too long'],
  ])('%s is told with what to do', async (_what, config, category, message) => {
    const { failure } = await run(config);
    expect(failure).toMatchObject({ category, message: expect.stringContaining(message) });
  });

  test('a command that is not found by the shell fails with what the shell said', async () => {
    const { failure } = await run({ run: 'no-such-program-here' });
    expect(failure).toMatchObject({ category: 'PROCESS', message: expect.stringMatching(/code 127: .*not found/) });
  });
});

describe('stopping', () => {
  test('a cancel ends grandchildren too, and the step is cancelled and not failed by the signal', async () => {
    const cancel = new AbortController();
    const pids: number[] = [];
    const { failure, output } = await runStep(command, {
      config: { run: "sh -c 'sleep 100 & echo $!; wait' & echo $!; wait" },
      signal: cancel.signal,
      onLine(line) {
        pids.push(Number(line.message));
        if (pids.length === 2) cancel.abort('cancelled');
      },
    });
    expect(failure?.category).toBe('CANCELLED');
    expect(output).toBeUndefined();
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  test('a command that ends well when told to stop is nevertheless stopped', async () => {
    const cancel = new AbortController();
    const { failure } = await runStep(command, {
      config: { run: "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done" },
      signal: cancel.signal,
      onLine: () => cancel.abort('paused'),
    });
    expect(failure).toMatchObject({ category: 'CANCELLED', message: 'The step was stopped: paused.' });
  });

  test('a step that was stopped before it began starts nothing', async () => {
    const { failure, lines } = await runStep(command, {
      config: { run: 'echo x' },
      signal: AbortSignal.abort('forced'),
    });
    expect(failure?.category).toBe('CANCELLED');
    expect(lines).toEqual([]);
  });
});
