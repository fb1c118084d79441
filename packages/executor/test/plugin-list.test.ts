import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PluginList } from '../src/plugins/plugin-list.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-plugin-list-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a file that is saved in place is not taken for an empty list', async () => {
  const file = path.join(folder, 'signalbox.config.yaml');
  await writeFile(file, 'SIGNALBOX_PLUGINS: a\n');
  const list = new PluginList(file);
  expect(await list.isSource(['a'])).toBe(true);
  expect(await list.changed()).toBeUndefined();
  await truncate(file);
  expect(await list.changed()).toBeUndefined();
  await writeFile(file, 'SIGNALBOX_PLUGINS: [a, b]\n');
  expect(await list.changed()).toBeUndefined();
  expect(await list.changed()).toEqual(['a', 'b']);
  expect(await list.changed()).toBeUndefined();
});
