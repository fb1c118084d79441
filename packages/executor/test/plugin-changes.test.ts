import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { listPlugins, type PluginRow } from '@signalbox/db/worker-plugins';
import { listStepTypes } from '@signalbox/db/workers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
beforeAll(async () => {
  stage = await openProcessStage();
});
afterAll(() => stage.close());

/** A plugin with one step type that waits for a file and then says which version it is and in which process. */
const source = (version: string, type = 'acme.versioned') => `
  import { stat } from 'node:fs/promises';
  import { said } from './words.js';
  export default { name: 'signalbox-plugin-versioned', version: '${version}', contract: 1, stepTypes: [{
    type: '${type}', title: 'Version', description: 'Says which version it is.', config: { type: 'object' },
    async run(ctx) {
      ctx.log('INFO', 'pid ' + process.pid);
      while (ctx.config.file && !(await stat(ctx.config.file).catch(() => undefined))) await ctx.checkpoint();
      return { version: '${version}', said };
    },
  }] };`;

async function writePlugin(name: string, text: string): Promise<string> {
  const file = path.join(stage.folder, name);
  await writeFile(path.join(stage.folder, 'words.js'), `export const said = 'hello';`);
  await writeFile(file, text);
  return file;
}

/** What the worker says about the plugin, once it is so. */
function reported(file: string, isSo: (plugin: PluginRow) => boolean) {
  const look = async () => {
    const plugins = await listPlugins(stage.db, DEFAULT_TENANT_ID, 3_600);
    return plugins.find((plugin) => plugin.source === file);
  };
  return until(`what is said about ${file}`, look, (plugin) => plugin !== undefined && isSo(plugin));
}

async function types(): Promise<string[]> {
  return (await listStepTypes(stage.db, DEFAULT_TENANT_ID, 3_600)).map(({ type }) => type);
}

describe('a running executor', () => {
  test('takes a changed plugin without a restart, while what runs goes on with the old one, whose process then ends', async () => {
    const file = await writePlugin('changing.mjs', source('1.0.0'));
    const gate = path.join(stage.folder, 'gate');
    const executor = await stage.start('changing', { SIGNALBOX_PLUGINS: file, SIGNALBOX_LEASE_SECONDS: '30' });
    const old = await stage.queue([{ key: 'a', type: 'acme.versioned', with: { file: gate } }]);
    const { message } = await stage.logged(old, /^pid/);

    await writeFile(file, source('2.0.0'));
    await reported(file, ({ status, version }) => status === 'LOADED' && version === '2.0.0');
    const fresh = await stage.settled(await stage.queue([{ key: 'a', type: 'acme.versioned' }]));
    expect(fresh.output).toEqual({ version: '2.0.0', said: 'hello' });
    expect((await stage.job(old)).status).toBe('RUNNING');

    await writeFile(path.join(stage.folder, 'words.js'), `export const said = 'good-bye';`);
    const again = async () => (await stage.settled(await stage.queue([{ key: 'a', type: 'acme.versioned' }]))).output;
    await until('a changed module of it counts too', again, (output) => JSON.stringify(output).includes('good-bye'));

    await writeFile(gate, '');
    expect(await stage.settled(old)).toMatchObject({
      status: 'COMPLETED',
      output: { version: '1.0.0', said: 'hello' },
    });
    const pid = Number(message.slice(4));
    await until(
      'the old process has ended',
      () => isAlive(pid),
      (alive) => !alive,
    );

    await writeFile(file, 'export default {');
    const kept = await reported(file, ({ problem }) => problem !== null);
    expect(kept).toMatchObject({ status: 'LOADED', version: '2.0.0', stepTypes: ['acme.versioned'] });
    expect(kept?.problem).toMatch(/newest change is not in use: it could not be loaded/);
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'acme.versioned' }]))).toMatchObject({
      status: 'COMPLETED',
    });
    executor.signal('SIGTERM');
    expect(await executor.exited).toEqual({ code: 0, signal: null });
  });

  test('follows the list in its configuration file: what is added is advertised, what is removed is withdrawn', async () => {
    const file = await writePlugin('listed.mjs', source('1.0.0', 'acme.listed'));
    const config = path.join(stage.folder, 'signalbox.config.yaml');
    await writeFile(config, 'PORT: 4000\n');
    const executor = await stage.start('listing', {
      SIGNALBOX_PLUGINS: '',
      SIGNALBOX_CONFIG: config,
      SIGNALBOX_LEASE_SECONDS: '30',
    });
    expect(await types()).not.toContain('acme.listed');
    const absent = path.join(stage.folder, 'absent.mjs');
    await writeFile(config, `SIGNALBOX_PLUGINS: [${file}, ${absent}]\n`);
    await until('it is advertised', types, (all) => all.includes('acme.listed'));
    await reported(absent, ({ problem, status }) => status === 'REFUSED' && /not found/.test(problem ?? ''));

    await writePlugin('absent.mjs', source('1.0.0', 'acme.late'));
    await until('one that was not there before is', types, (all) => all.includes('acme.late'));

    await writeFile(config, 'SIGNALBOX_PLUGINS: [');
    await writeFile(config, `SIGNALBOX_PLUGINS: ${absent}\n`);
    await until('it is withdrawn', types, (all) => !all.includes('acme.listed'));
    expect(await types()).toContain('acme.late');
    executor.signal('SIGTERM');
    expect(await executor.exited).toEqual({ code: 0, signal: null });
    await rm(config);
  });
});
