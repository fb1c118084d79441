import { execFile } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callTool } from './tool-stage.ts';

let outside: string;
beforeAll(async () => {
  // Beside the working folders, so that hard links are possible.
  outside = await mkdtemp(join(tmpdir(), 'signalbox-outside-'));
  await writeFile(join(outside, 'secret.txt'), 'secret');
});
afterAll(() => rm(outside, { recursive: true, force: true }));

/** A folder with everything in it that must not lead out. */
async function traps(folder: string): Promise<void> {
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub', 'inner.txt'), 'inner');
  await symlink(join(outside, 'secret.txt'), join(folder, 'link.txt'));
  await symlink('sub/inner.txt', join(folder, 'inner-link.txt'));
  await symlink(outside, join(folder, 'linked-folder'));
  await symlink('loop', join(folder, 'loop'));
  await link(join(outside, 'secret.txt'), join(folder, 'hard.txt'));
  await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
}

const WAYS_OUT: [path: string, message: string][] = [
  ['../secret.txt', 'leads out of a folder by ".."'],
  ['sub/../../x', 'leads out of a folder by ".."'],
  ['..\\x', 'leads out of a folder by ".."'],
  ['/etc/passwd', 'is absolute'],
  ['a\0b', 'holds a NUL'],
];

describe('file.read', () => {
  const read = (path: string, more = {}, prepare = traps) => callTool('file.read', { path, ...more }, { prepare });

  test('gives a file as text, as Base64 or as the value in it', async () => {
    const prepare = (folder: string) => writeFile(join(folder, 'a.json'), '{"ü": [1]}');
    expect((await read('a.json', {}, prepare)).output).toEqual({
      path: 'a.json',
      sizeBytes: 11,
      content: '{"ü": [1]}',
    });
    expect((await read('a.json', { encoding: 'json' }, prepare)).output?.content).toEqual({ ü: [1] });
    expect((await read('./a.json', { encoding: 'base64' }, prepare)).output?.content).toBe(
      Buffer.from('{"ü": [1]}').toString('base64'),
    );
  });

  test.each([
    ...WAYS_OUT,
    ['link.txt', 'is a symbolic link'],
    ['loop', 'is a symbolic link'],
    ['inner-link.txt', 'is a symbolic link'],
    ['hard.txt', 'a hard link'],
    ['linked-folder/secret.txt', "leads out of the job's working folder"],
    ['pipe', 'is not an ordinary file'],
    ['sub', 'is not an ordinary file'],
    ['sub/inner.txt/x', 'through a file that is no folder'],
    ['nowhere.txt', 'does not exist'],
    ['x'.repeat(5_000), 'is too long'],
  ])('%j is refused', async (path, message) => {
    const { failure, output } = await read(path);
    expect(output).toBeUndefined();
    expect(failure).toMatchObject({
      category: 'USER_INPUT',
      retryable: false,
      message: expect.stringContaining(message),
    });
  });

  test('a file that is too large is refused before it is read, and so is one that is no text', async () => {
    const huge = async (folder: string) => {
      await writeFile(join(folder, 'big'), '');
      await truncate(join(folder, 'big'), 1024 ** 4);
    };
    expect((await read('big', {}, huge)).failure?.message).toContain('Raise maxBytes');
    const bytes = (folder: string) => writeFile(join(folder, 'b'), Buffer.from([0xff, 0xfe]));
    expect((await read('b', {}, bytes)).failure?.message).toContain('encoding base64');
    expect((await read('b', { encoding: 'base64' }, bytes)).output?.content).toBe('//4=');
  });
});

describe('file.write', () => {
  let seen: Record<string, string> = {};

  /** What lies in the folder afterwards is looked at before it is deleted, by a second tool call. */
  async function write(input: Record<string, unknown>, prepare: (folder: string) => Promise<unknown> = traps) {
    let folder = '';
    const run = await callTool('file.write', input, {
      prepare: async (given) => {
        folder = await mkdtemp(join(tmpdir(), 'signalbox-kept-'));
        await prepare(folder);
        // The working folder is removed with the step; links in it keep what is written beyond it.
        await rm(given, { recursive: true });
        await symlink(folder, given);
      },
    });
    const names = await readdir(folder);
    const files = await Promise.all(
      names.map(async (name) => [
        name,
        (await stat(join(folder, name)).catch(() => undefined))?.isFile()
          ? await readFile(join(folder, name), 'utf8')
          : '',
      ]),
    );
    seen = Object.fromEntries(files);
    await rm(folder, { recursive: true });
    return run;
  }
  const nothing = async () => undefined;

  test('makes a file with the folders above it, of a text, of bytes or of a value', async () => {
    expect((await write({ path: 'a/b/c.txt', content: 'ü' }, nothing)).output).toEqual({
      path: 'a/b/c.txt',
      sizeBytes: 2,
      replaced: false,
    });
    await write({ path: 'x', content: '//4=', encoding: 'base64' }, nothing);
    expect(Object.keys(seen)).toEqual(['x']);
    await write({ path: 'x.json', content: { a: [1] }, encoding: 'json' }, nothing);
    expect(JSON.parse(seen['x.json'] ?? '')).toEqual({ a: [1] });
  });

  test.each([
    ...WAYS_OUT,
    ['linked-folder/new.txt', "leads out of the job's working folder"],
    ['linked-folder/deeper/new.txt', "leads out of the job's working folder"],
    ['sub/inner.txt/new', 'which is none'],
    ['sub', 'is a folder'],
    ['new/', 'names no file'],
    ['.', 'names no file'],
  ])('%j is refused', async (path, message) => {
    const { failure } = await write({ path, content: 'x' });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining(message) });
    expect(await readdir(outside)).toEqual(['secret.txt']);
  });

  test.each(['link.txt', 'hard.txt'])('%s is replaced, and what it leads to stays', async (path) => {
    expect((await write({ path, content: 'mine' })).output?.replaced).toBe(true);
    expect(seen[path]).toBe('mine');
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe('secret');
  });

  test('a file that is there is kept when it shall not be overwritten', async () => {
    const { failure } = await write({ path: 'a', content: 'new', overwrite: false }, (folder) =>
      writeFile(join(folder, 'a'), 'old'),
    );
    expect(failure?.message).toContain('exists already');
    expect(seen).toEqual({ a: 'old' });
  });

  test.each([
    [{ content: { a: 1 } }, 'is no text'],
    [{ content: '!', encoding: 'base64' }, 'is no Base64'],
    [{ content: 'x'.repeat(8 * 1024 * 1024 + 1) }, 'may have at most'],
  ])('content that does not fit is refused', async (input, message) => {
    expect((await write({ path: 'a', ...input }, nothing)).failure?.message).toContain(message);
    expect(seen).toEqual({});
  });
});

describe('file.list', () => {
  const list = (input: Record<string, unknown>) => callTool('file.list', input, { prepare: traps });
  const paths = (output: Record<string, unknown> | undefined) =>
    ((output?.entries ?? []) as { path: string; kind: string }[]).map(({ kind, path }) => `${kind} ${path}`);

  test('tells what lies in a folder and follows no link', async () => {
    const { output } = await list({ recursive: true });
    expect(paths(output)).toEqual([
      'file hard.txt',
      'link inner-link.txt',
      'link link.txt',
      'link linked-folder',
      'link loop',
      'other pipe',
      'folder sub',
      'file sub/inner.txt',
    ]);
    expect(paths((await list({ path: 'sub' })).output)).toEqual(['file sub/inner.txt']);
  });

  test('says when there is more than was asked for', async () => {
    const { output } = await list({ limit: 2 });
    expect(output).toMatchObject({ truncated: true, entries: [expect.anything(), expect.anything()] });
  });

  test.each([
    ...WAYS_OUT,
    ['linked-folder', 'leads out'],
    ['link.txt', 'is not a folder'],
    ['nowhere', 'does not exist'],
  ])('%j is refused', async (path, message) => {
    expect((await list({ path })).failure).toMatchObject({
      category: 'USER_INPUT',
      message: expect.stringContaining(message),
    });
  });
});
