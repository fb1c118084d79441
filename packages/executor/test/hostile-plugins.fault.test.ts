import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SignalSender } from '@signalbox/db/signals';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { residentBytes } from '../src/plugins/memory-watch.ts';
import type { ExecutorProcess } from './executor-process.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { type FinishedJob, TEST_PLUGIN, until } from './stage.ts';

const HOSTILE = fileURLToPath(new URL('fixtures/hostile.ts', import.meta.url));
const MIB = 1024 * 1024;

let stage: ProcessStage;
let executor: ExecutorProcess;
let neighbour: string;
let quietBytes: number;

beforeAll(async () => {
  stage = await openProcessStage();
  executor = await stage.start('host', {
    SIGNALBOX_PLUGINS: `${TEST_PLUGIN},${HOSTILE}`,
    SIGNALBOX_LEASE_SECONDS: '30',
    SIGNALBOX_SECRET_TOKEN: 'very-secret-value',
    SIGNALBOX_SECRET_OTHER: 'another-secret',
    OPENAI_API_KEY: 'sk-very-secret',
  });
  neighbour = await stage.queue([{ key: 'a', type: 'test.gate', with: { file: path.join(stage.folder, 'open') } }]);
  await stage.logged(neighbour, /^waiting/);
  quietBytes = residentBytes(executor.pid) ?? 0;
});

afterAll(async () => {
  await stage.close();
});

async function run(type: string, more: object = {}): Promise<FinishedJob> {
  return stage.settled(await stage.queue([{ key: 'a', type: `hostile.${type}`, ...more }]));
}

describe('a step of a plugin', () => {
  test.each([
    ['exits as if all were well', 'exit', /process ended by itself, with exit code 0 while the step ran/],
    ['kills its own process', 'suicide', /process was ended by SIGKILL/],
    ['fills the heap', 'heap', /used more than the 150 MiB of memory/],
    ['allocates two gigabytes outside of the heap', 'buffers', /used more than the 150 MiB of memory/],
    ['gives back what goes in circles', 'circular', /nothing that JSON can carry: .*circular/],
    ['gives back twenty megabytes', 'huge', /larger than 8 MiB/],
    ['gives back what JSON does not know', 'bigint', /nothing that JSON can carry/],
    ['throws a text', 'text', /^just a text$/],
    ['throws nothing at all', 'null', /null/],
    ['throws an error that throws', 'getter', /cannot be shown|even that/],
    ['throws where nobody awaits it', 'stray', /^thrown in a timer$/],
    ['asks for ten thousand things at once', 'calls', /wait for 256 things/],
    ['speaks gibberish to the executor', 'gibberish', /does not understand/],
    ['speaks to the executor without end', 'endless', /does not understand/],
  ])('that %s fails as PLUGIN', async (_what, type, message) => {
    const job = await run(type);
    expect(job).toMatchObject({ status: 'FAILED', category: 'PLUGIN' });
    expect(job.error).toMatch(message);
  });

  test('that never ends is ended at its timeout, while others of the same plugin run on, and its last words are kept', async () => {
    const id = await stage.queue([{ key: 'a', type: 'hostile.loop', timeoutMs: 8_000 }]);
    await stage.logged(id, /^last words$/);
    expect(await run('good')).toMatchObject({ status: 'COMPLETED' });
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'TIMEOUT' });
  });

  test('that ignores a cancel is killed after the grace, and the job is cancelled', async () => {
    const id = await stage.queue([{ key: 'a', type: 'hostile.deaf' }]);
    await stage.logged(id, /^deaf$/);
    const sender = new SignalSender(stage.url);
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    sender.send('control', id);
    expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
    await sender.close();
  });

  test('that throws once it has ended is charged to nobody', async () => {
    const job = await run('late');
    expect(job).toMatchObject({ status: 'COMPLETED' });
    const thrown = () => ['much too late', 'rejected too late'].filter((text) => executor.said().includes(text));
    await until('both errors stand in the service log', thrown, (found) => found.length === 2);
    expect(await run('good')).toMatchObject({ status: 'COMPLETED', output: job.output });
  });

  test('sees nothing of the environment but what is allowed', async () => {
    const { output } = await run('environment');
    const allowed =
      /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|SHELL|TERM|SSL_\w+|NODE_COMPILE_CACHE|PWD)$/;
    const names = Object.keys(output as object).filter((name) => !allowed.test(name));
    expect(names).toEqual(['SIGNALBOX_PROGRAM_ID']);
    expect(JSON.stringify(output)).not.toMatch(/secret|postgres/);
  });

  test('is given the secret that it asks for, and what it prints is its log, masked', async () => {
    const id = await stage.queue([{ key: 'a', type: 'hostile.secret' }]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', output: { value: '***' } });
    expect(await stage.logged(id, /^said/)).toMatchObject({ message: 'said ***', stream: 'STDOUT' });
  });

  test('that writes a gigabyte of log ends with a log of 64 MiB', { timeout: 180_000 }, async () => {
    const id = await stage.queue([{ key: 'a', type: 'hostile.flood' }]);
    expect(await stage.settled(id, 170_000)).toMatchObject({ status: 'COMPLETED' });
    const { rows } = await stage.db.pool.query<{ bytes: number; cut: number }>(
      `SELECT sum(length(message))::float8 AS bytes, count(*) FILTER (WHERE message LIKE '%has reached 64 MiB%')::int AS cut
       FROM log_line WHERE job_id = $1`,
      [id],
    );
    expect(rows[0]?.cut).toBe(1);
    expect(rows[0]?.bytes).toBeGreaterThan(60 * MIB);
    expect(rows[0]?.bytes).toBeLessThan(65 * MIB);
  });

  test('has left the executor and its neighbour unharmed, whatever it did', async () => {
    expect(isAlive(executor.pid)).toBe(true);
    expect((residentBytes(executor.pid) ?? 0) - quietBytes).toBeLessThan(150 * MIB);
    await writeFile(path.join(stage.folder, 'open'), '');
    const job = await stage.settled(neighbour);
    expect(job).toMatchObject({ status: 'COMPLETED', output: { attempt: 1 }, epoch: 1 });
  });

  test('does not outlive its executor, however busy it is', async () => {
    const jobs = await Promise.all(
      ['loop', 'late'].map((type) => stage.queue([{ key: 'a', type: `hostile.${type}` }])),
    );
    await stage.logged(jobs[0] ?? '', /^last words$/);
    const { message } = await stage.logged(jobs[1] ?? '', /^\d+$/);
    executor.signal('SIGKILL');
    await executor.exited;
    await until(
      'the process of the plugin is gone',
      () => isAlive(Number(message)),
      (alive) => !alive,
    );
    expect(isAlive(executor.pid)).toBe(false);
    await until(
      'no process runs the plugin',
      () => processesOf(HOSTILE),
      (found) => found.length === 0,
    );
  });
});

/** Those that have the file among their arguments. */
async function processesOf(file: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return ids.filter((_id, index) => lines[index]?.split('\0').includes(`file://${file}`));
}
