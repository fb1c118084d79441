import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainFolderError, requireFreeSpace, takeDataFolder } from '../src/data-folder.ts';

const ADDRESS = 'http://127.0.0.1:4000';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-folder-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function endedProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('a folder is made where there is none, and is free again after its release', async () => {
  const missing = path.join(folder, 'deep/data');
  const first = await takeDataFolder(missing, ADDRESS);
  expect(first).toMatchObject({ path: missing, wasLeftBehind: false });
  await first.release();
  expect(await readdir(missing)).toEqual([]);
});

test('a second Signalbox on the same folder is refused with the first one and its address', async () => {
  const first = await takeDataFolder(folder, ADDRESS);
  await expect(takeDataFolder(folder, 'http://127.0.0.1:5000')).rejects.toThrow(
    `Signalbox is already running on the data folder ${folder} (process ${process.pid}, ${ADDRESS}). Stop it first, or set SIGNALBOX_DATA_DIR to another folder.`,
  );
  await first.release();
});

test('of many that start at once exactly one gets the folder, also over a stale lock', async () => {
  const stale = { pid: await endedProcess(), start: 'long ago', address: ADDRESS };
  await writeFile(path.join(folder, 'signalbox.lock'), JSON.stringify(stale));
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeDataFolder(folder, ADDRESS)));
  const refusals = results.filter((result) => result.status === 'rejected');
  expect(refusals).toHaveLength(7);
  for (const { reason } of refusals) expect(String(reason)).toContain('Signalbox is already running');
  expect(await readdir(folder)).toEqual(['signalbox.lock']);
});

test('exactly one gets the folder though somebody died while taking a stale lock over', async () => {
  const stale = JSON.stringify({ pid: await endedProcess(), start: 'long ago', address: ADDRESS });
  for (const name of ['signalbox.lock', 'signalbox.lock.takeover', 'signalbox.lock.takeover.takeover'])
    await writeFile(path.join(folder, name), stale);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeDataFolder(folder, ADDRESS)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['signalbox.lock']);
});

test('the lock of a dead process counts for nothing, and it is known that it was left behind', async () => {
  const stale = { pid: await endedProcess(), start: 'long ago', address: ADDRESS };
  await writeFile(path.join(folder, 'signalbox.lock'), JSON.stringify(stale));
  expect((await takeDataFolder(folder, ADDRESS)).wasLeftBehind).toBe(true);
});

test('the lock counts for nothing when another program has got the process number since', async () => {
  const reused = { pid: process.pid, start: 'before the last boot', address: ADDRESS };
  await writeFile(path.join(folder, 'signalbox.lock'), JSON.stringify(reused));
  expect((await takeDataFolder(folder, ADDRESS)).wasLeftBehind).toBe(true);
});

test('a lock that was cut short by a crash counts for nothing', async () => {
  await writeFile(path.join(folder, 'signalbox.lock'), '{"pid":');
  expect((await takeDataFolder(folder, ADDRESS)).wasLeftBehind).toBe(true);
});

test('a file where the folder should be is refused with one clear line', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(takeDataFolder(file, ADDRESS)).rejects.toThrow(
    `The data folder ${file} cannot be made: a file is in the way`,
  );
});

test.each([
  ['ENOSPC', 'is full. Free some space'],
  ['EROFS', 'cannot be written. Change its owner or rights'],
  ['EACCES', 'cannot be written. Change its owner or rights'],
])('%s becomes advice', (code, advice) => {
  const error = explainFolderError(Object.assign(new Error(code), { code }), '/data');
  expect(String(error)).toContain(advice);
});

test('too little space for a database is told before it is made', async () => {
  await expect(requireFreeSpace(folder, 2 ** 40)).rejects.toThrow(
    /^Only \d+ MB are free .* the database needs 1099511627776 MB/,
  );
  await expect(requireFreeSpace(folder, 0)).resolves.toBeUndefined();
});
