import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Terminal } from '../src/cli/terminal.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const WORKFLOW = `slug: from-file
name: From a file
input: { type: object, required: [count], properties: { count: { type: integer }, who: { type: string } } }
steps:
  - { key: only, type: command, with: { run: 'true' } }
`;

// Each command is a process of its own, and several start at once.
vi.setConfig({ testTimeout: 90_000 });

let api: ApiFixture;
let folder: string;
beforeAll(async () => {
  api = await createApiFixture();
  await api.worker.register(TENANT, ['command', 'prompt']);
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-cli-'));
  await writeFile(path.join(folder, 'flow.yaml'), WORKFLOW);
  await writeFile(path.join(folder, 'bad.yaml'), WORKFLOW.replace('type: command', 'tipe: command'));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

interface Event {
  event: string;
  [field: string]: unknown;
}

/** A running command: its events (with --json) as they come, and how it ends. */
function begin(...words: string[]) {
  const { HOME, NODE_COMPILE_CACHE, PATH } = process.env;
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { HOME, PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), SIGNALBOX_URL: api.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const errors = text(child.stderr);
  const closed = once(child, 'close');
  const past: string[] = [];
  return {
    interrupt: () => child.kill('SIGINT'),
    /** The next event of this kind. */
    async until(wanted: (event: Event) => boolean): Promise<Event> {
      for (;;) {
        const { done, value } = await lines.next();
        if (done) throw new Error(`it ended before: ${past.join('\n')}\n${await errors}`);
        past.push(value);
        const event: Event = JSON.parse(value);
        if (wanted(event)) return event;
      }
    },
    async end(): Promise<{ code: number; stdout: string; stderr: string }> {
      for (let next = await lines.next(); !next.done; next = await lines.next()) past.push(next.value);
      const [code] = await closed;
      return { code, stdout: past.join('\n'), stderr: await errors };
    },
  };
}

const is = (event: string) => (candidate: Event) => candidate.event === event;
const idOf = ({ job }: Event): string => (typeof job === 'object' && job && 'id' in job ? String(job.id) : '');

test('run saves a file, makes a job with a typed input, follows log and steps, and ends with 0', async () => {
  const run = begin('run', 'flow.yaml', '-i', 'count=7', '-i', 'who=12', '--json');
  const id = idOf(await run.until(is('created')));
  const held = await api.worker.claim(id);
  await api.worker.start(held, 'only');
  await api.worker.log(held, ['working'], 'only');
  expect(await run.until(is('log'))).toMatchObject({ message: 'working', stepKey: 'only', seq: 1 });
  await api.worker.complete(held, 'only', {}, 1);
  await api.worker.settle(held, { status: 'COMPLETED', output: { made: 1 }, error: null }, 1);
  const end = await run.until(is('end'));
  expect(end).toMatchObject({
    exitCode: 0,
    job: { status: 'COMPLETED', output: { made: 1 }, input: { count: 7, who: '12' } },
  });
  expect((await run.end()).code).toBe(0);
});

test('run ends with 1 when the job failed, and says which step and what to do', async () => {
  const run = begin('run', 'demo', '-i', '{"repository": "."}', '--subject', 'to fail');
  const [job] = await jobsAbout('to fail');
  await api.worker.fail(job, 'the disk is full', 'history');
  const { code, stderr, stdout } = await run.end();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^job \S+ {2}demo v1 {2}http/);
  expect(stdout).toContain('FAILED');
  expect(stdout).not.toContain('\u001b[');
  expect(stderr).toContain('step history: the disk is full (PROCESS)');
  expect(stderr).toContain(`signalbox retry ${job}`);
});

/** Waits until a job about this was made. */
async function jobsAbout(subject: string): Promise<[string]> {
  for (;;) {
    const { data } = await api.query<{ jobs: { edges: { node: { id: string } }[] } }>(
      'query ($filter: JobFilter) { jobs(filter: $filter) { edges { node { id } } } }',
      { filter: { subject } },
    );
    const [found] = data.jobs.edges;
    if (found) return [found.node.id];
  }
}

test('Ctrl-C during run cancels the job, waits for its end, and ends with 130', async () => {
  const run = begin('run', 'demo', '-i', 'repository=.', '--json');
  const id = idOf(await run.until(is('created')));
  await run.until((event) => event.event === 'job' && event.status === 'QUEUED');
  run.interrupt();
  expect(await run.until(is('end'))).toMatchObject({ exitCode: 130, job: { id, status: 'CANCELLED' } });
  expect((await run.end()).code).toBe(130);
});

test('what is wrong is said with its place, and each kind of mistake has its exit code', async () => {
  const finished = await api.newJob();
  await api.worker.finish(finished);
  const [bad, typo, conflict, missing, away] = await Promise.all([
    begin('validate', 'bad.yaml', 'flow.yaml').end(),
    begin('run', 'flow.yaml', '-i', 'count=seven').end(),
    begin('cancel', finished, '--json').end(),
    begin('run', 'no-such-workflow').end(),
    begin('list', '--url', 'http://127.0.0.1:1').end(),
  ]);
  expect(bad.code).toBe(1);
  expect(bad.stdout).toMatch(/^bad\.yaml:5:\d+: /m);
  expect(bad.stdout).toContain('flow.yaml: valid');
  expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining('--input count=seven')]);
  expect(conflict.code).toBe(3);
  expect(JSON.parse(conflict.stderr).error).toMatchObject({
    code: 'CONFLICT',
    allowed: expect.arrayContaining(['RERUN']),
  });
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('signalbox workflows')]);
  expect([away.code, away.stderr]).toEqual([5, expect.stringContaining('Nothing answers at http://127.0.0.1:1')]);
});

test('logs gives the lines at or above a level, one JSON object each, and -f goes on to the end of the job', async () => {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.log(held, ['quiet'], 'history');
  await api.worker.log(held, ['loud'], 'history', 'ERROR');
  const follow = begin('logs', id, '-f', '--level', 'warning', '--json');
  expect(await follow.until(is('log'))).toMatchObject({ message: 'loud', level: 'ERROR' });
  await api.worker.log(held, ['quiet again']);
  await api.worker.log(held, ['late'], null, 'WARNING');
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  const { code, stdout } = await follow.end();
  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => JSON.parse(line).message)).toEqual(['loud', 'late']);
  const tail = await begin('logs', id, '--tail', '1', '--json').end();
  expect(JSON.parse(tail.stdout)).toMatchObject({ message: 'late' });
});

test('list filters and gives one JSON document; the doctor finds a queue that nobody serves', async () => {
  const id = await api.newJob({ subject: 'to list' });
  await api.saveWorkflow(WORKFLOW.replace('slug: from-file', 'slug: lonely\nqueue: lonely'));
  const created = await begin('run', 'lonely', '-i', 'count=1', '--detach').end();
  const [list, doctor] = await Promise.all([
    begin('list', '--subject', 'to list', '--status', 'queued', '--json').end(),
    begin('doctor', '--json').end(),
  ]);
  expect(JSON.parse(list.stdout)).toMatchObject({ totalCount: 1, jobs: [{ id, status: 'QUEUED' }] });
  const findings: { check: string; state: string; message: string }[] = JSON.parse(doctor.stdout);
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(doctor.code).toBe(1);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'server', state: 'ok' }));
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'queue', state: 'failed', message: expect.stringContaining('"lonely"') }),
  );
});

test('rerun takes another input in the types of the workflow', async () => {
  const run = begin('run', 'flow.yaml', '-i', 'count=7', '--detach');
  const id = (await run.end()).stdout;
  await api.worker.finish(id);
  const again = await begin('rerun', id, '-i', 'count=8', '--json').end();
  expect(again.stderr).toBe('');
  const created = idOf({ event: 'created', job: JSON.parse(again.stdout) });
  const { data } = await api.query('query ($id: ID!) { job(id: $id) { input } }', { id: created });
  expect(data).toEqual({ job: { input: { count: 8 } } });
});

test('of what jobs write only colours reach a terminal', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  new Terminal({ isJson: false }).line('a\u001b[31mred\u001b[0m\tb\u001b]0;title\u0007\u001b[2Jc\rd\u0008');
  const written = write.mock.calls.map(([chunk]) => chunk);
  write.mockRestore();
  expect(written).toEqual(['a\u001b[31mred\u001b[0m\tbcd\n']);
});
