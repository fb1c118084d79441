import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { secretsKeyOf } from '../src/secrets-key.ts';

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-key-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('the key is made once, for its owner only, and stays the same', async () => {
  const folder = await dataFolder();
  const key = await secretsKeyOf(folder);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(await secretsKeyOf(folder)).toBe(key);
  expect(await readdir(folder)).toEqual(['secrets.key']);
  expect((await stat(path.join(folder, 'secrets.key'))).mode & 0o777).toBe(0o600);
});

test('a new key in front of the old one comes first, and what is no key stops the start', async () => {
  const folder = await dataFolder();
  const [old, fresh] = [await secretsKeyOf(folder), await secretsKeyOf(await dataFolder())];
  const file = path.join(folder, 'secrets.key');
  await writeFile(file, `${fresh}\n${await readFile(file, 'utf8')}`);
  expect(await secretsKeyOf(folder)).toBe(`${fresh},${old}`);
  await writeFile(file, 'half a ke');
  await expect(secretsKeyOf(folder)).rejects.toThrow(/secrets\.key must hold keys/);
});
