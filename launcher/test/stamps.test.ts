import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOf, readStamp, writeStamp } from '../stamps.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'signalbox-stamps-'));
  await mkdir(path.join(root, 'web/src'), { recursive: true });
  await writeFile(path.join(root, 'web/src/app.ts'), 'one');
});

afterEach(() => rm(root, { recursive: true, force: true }));

test('a changed, added or renamed source changes the hash', async () => {
  const before = hashOf(root, ['web']);
  await writeFile(path.join(root, 'web/src/app.ts'), 'two');
  const changed = hashOf(root, ['web']);
  await writeFile(path.join(root, 'web/src/more.ts'), '');
  const added = hashOf(root, ['web']);
  await rm(path.join(root, 'web/src/more.ts'));
  await writeFile(path.join(root, 'web/src/other.ts'), '');
  expect(new Set([before, changed, added, hashOf(root, ['web'])]).size).toBe(4);
});

test('what is built, installed or generated does not count, nor does a missing file', async () => {
  const before = hashOf(root, ['web', 'schema.graphql']);
  for (const folder of ['web/dist', 'web/node_modules/react', 'web/src/generated']) {
    await mkdir(path.join(root, folder), { recursive: true });
    await writeFile(path.join(root, folder, 'index.js'), 'built');
  }
  expect(hashOf(root, ['web', 'schema.graphql'])).toBe(before);
});

test('a stamp is what was written; a missing or damaged one is none', async () => {
  expect(readStamp(root, 'install')).toBeUndefined();
  writeStamp(root, 'install', { hash: 'abc' });
  expect(readStamp(root, 'install')).toEqual({ hash: 'abc' });
  await writeFile(path.join(root, 'node_modules/.signalbox/install.json'), '{"hash":');
  expect(readStamp(root, 'install')).toBeUndefined();
});
