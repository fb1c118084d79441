import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { PluginProcess } from '../src/plugins/plugin-process.ts';
import { ProcessPool } from '../src/plugins/process-pool.ts';
import { TEST_PLUGIN } from './stage.ts';

test('a step whose process the system does not start fails for now, and so does the next one', async () => {
  const options = { source: 'test', memoryMib: 150, logger: pino({ level: 'silent' }) };
  const first = new PluginProcess({ ...options, url: pathToFileURL(TEST_PLUGIN).href });
  expect(await first.loaded).toMatchObject({ type: 'loaded' });
  // No program can be started with such an argument.
  const pool = new ProcessPool({ ...options, url: '\0' }, first);
  onTestFinished(() => pool.close());
  const { signal } = new AbortController();
  expect(await pool.acquire(signal)).toBe(first);
  for (const _step of ['second', 'third']) {
    await expect(pool.acquire(signal)).rejects.toMatchObject({
      name: 'StepFailure',
      message: expect.stringContaining('A new process of the plugin test could not be started'),
      retryable: true,
    });
  }
});
