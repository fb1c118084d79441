import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { throughOutages } from '../src/through-outages.ts';
import { openStage } from './stage.ts';

const { signal } = new AbortController();

test('a statement that somebody cancelled is tried again', async () => {
  const stage = await openStage();
  let tries = 0;
  const ask = () => stage.db.pool.query(tries++ === 0 ? `DO $$ BEGIN RAISE SQLSTATE '57014'; END $$` : 'SELECT 1');
  expect(await throughOutages(ask, signal)).toMatchObject({ rowCount: 1 });
  expect(tries).toBe(2);
  await stage.close();
});

test('a file that is not there is no outage of the database', async () => {
  const missing = path.join(import.meta.dirname, 'no-such-folder');
  await expect(throughOutages(() => readdir(missing), signal)).rejects.toThrow('ENOENT');
});
