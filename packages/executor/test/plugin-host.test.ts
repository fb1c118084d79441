import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PluginHost } from '../src/plugins/plugin-host.ts';
import { PluginList } from '../src/plugins/plugin-list.ts';
import { TEST_PLUGIN } from './stage.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-plugins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open: PluginHost[] = [];
afterEach(() => Promise.all(open.splice(0).map((host) => host.close())));

async function load(plugins: string[], settings = {}): Promise<PluginHost> {
  const host = await PluginHost.open({ plugins, settings, memoryMib: 150, logger: pino({ level: 'silent' }) });
  open.push(host);
  return host;
}

/** Writes files below a folder of their own and gives back its path. */
async function write(name: string, files: Record<string, string>): Promise<string> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name, file)), { recursive: true });
    await writeFile(path.join(folder, name, file), content);
  }
  return path.join(folder, name);
}

const stepType = (type: string, more = '') =>
  `{ type: '${type}', title: 'T', description: 'D', config: { type: 'object' }, run: async () => ({}) ${more} }`;
const plugin = (body: string, name = 'signalbox-plugin-x') =>
  `export default { name: '${name}', contract: 1, stepTypes: [${body}] };`;

/** What is said about the last of the plugins, which is refused. */
async function refusal(plugins: string[]): Promise<string> {
  const report = (await load(plugins)).reports.at(-1);
  expect(report).toMatchObject({ status: 'REFUSED', stepTypes: [], source: plugins.at(-1) });
  expect(report?.problem).not.toContain('\n');
  return report?.problem ?? '';
}

describe('the plugin host', () => {
  test('gives a field that names a setting the value of that setting as its default', async () => {
    const host = await load([], { SIGNALBOX_MODEL: 'openai/local' });
    const prompt = host.advertised().find(({ type }) => type === 'prompt');
    expect(prompt?.configSchema).toMatchObject({ properties: { model: { default: 'openai/local' } } });
  });

  test('takes a change of the list that came while it was loading the plugins', async () => {
    const late = await write('late', { 'index.mjs': plugin(stepType('late.type'), 'signalbox-plugin-late') });
    const config = path.join(folder, 'signalbox.config.yaml');
    await writeFile(config, 'PORT: 4000\n');
    const list = new PluginList(config);
    const host = await PluginHost.open({ plugins: [], list, memoryMib: 150, logger: pino({ level: 'silent' }) });
    open.push(host);
    await writeFile(config, `SIGNALBOX_PLUGINS: ${path.join(late, 'index.mjs')}\n`);
    host.watch(() => undefined);
    await expect.poll(() => host.advertised().map(({ type }) => type)).toContain('late.type');
  });

  test('loads the built-in step types by name and advertises them whole', async () => {
    const host = await load([]);
    expect(host.advertised().map(({ type }) => type)).toEqual([
      'command',
      'tool',
      'prompt',
      'agent',
      'simulated',
      'wait',
      'approval',
      'workflow',
    ]);
    expect(host.advertised()[0]).toMatchObject({
      plugin: '@signalbox/plugins',
      pluginVersion: '0.1.0',
      repeatable: false,
      configSchema: { type: 'object' },
    });
    expect(host.reports[0]).toEqual({
      source: '@signalbox/plugins/command',
      name: '@signalbox/plugins/command',
      version: '0.1.0',
      status: 'LOADED',
      problem: null,
      stepTypes: ['command'],
    });
  });

  test('loads a file, a folder with an index, a folder with a main and a package with exports', async () => {
    const file = await write('file', { 'one.js': plugin(stepType('acme.one')) });
    const index = await write('index', {
      'package.json': '{"type":"module","version":"2.0.0"}',
      'index.js': plugin(stepType('acme.two')),
    });
    const main = await write('main', {
      'package.json': '{"type":"module","main":"lib/it.js"}',
      'lib/it.js': plugin(stepType('acme.three')),
    });
    const exported = await write('exported', {
      'package.json':
        '{"type":"module","name":"signalbox-plugin-e","version":"3.1.4","exports":{".":{"import":"./lib/it.js"}}}',
      'lib/it.js': plugin(stepType('acme.four')),
    });
    const { stepTypes } = await load([path.join(file, 'one.js'), index, main, exported]);
    expect([...stepTypes].slice(-4).map(([type, { pluginVersion }]) => [type, pluginVersion])).toEqual([
      ['acme.one', expect.any(String)],
      ['acme.two', '2.0.0'],
      ['acme.three', '0.0.0'],
      ['acme.four', '3.1.4'],
    ]);
  });

  test('loads a file of TypeScript in a folder that knows nothing of the SDK', async () => {
    const source = `import { definePlugin, defineStepType } from '@signalbox/plugin-sdk';
      const shout = defineStepType<{ text: string }, string>(${stepType('acme.alone')});
      export default definePlugin({ name: 'alone', contract: 1, stepTypes: [shout] });`;
    const host = await load([path.join(await write('alone', { 'alone.ts': source }), 'alone.ts')]);
    expect(host.reports.at(-1)).toMatchObject({ status: 'LOADED', name: 'alone', stepTypes: ['acme.alone'] });
  });

  test('refuses what is not there, and says how to name it', async () => {
    expect(await refusal(['signalbox-plugin-nowhere'])).toMatch(/not found.*Install the package/);
    expect(await refusal(['./nowhere.js'])).toContain('not found');
  });

  test('refuses what cannot be loaded, with the reason', async () => {
    const broken = await write('broken', { 'index.js': 'export default {' });
    expect(await refusal([broken])).toMatch(/could not be loaded/);
    const thrower = await write('thrower', { 'index.js': `throw new Error('no licence\\nat all');` });
    expect(await refusal([thrower])).toContain('could not be loaded: no licence');
  });

  test.each([
    ['no plugin', 'export const x = 1;', /definePlugin/],
    [
      'another contract',
      `export default { name: 'x', contract: 2, stepTypes: [${stepType('acme.x')}] };`,
      /contract is 2/,
    ],
    ['a bare word as step type', plugin(stepType('shout')), /vendor\.name/],
    ['no run', plugin(`{ type: 'acme.x', title: 'T', description: 'D', config: { type: 'object' } }`), /run\(ctx\)/],
    ['two step types of one name', plugin(`${stepType('acme.x')}, ${stepType('acme.x')}`), /more than once/],
    [
      'a wrong config schema',
      plugin(
        stepType('acme.x').replace(`{ type: 'object' }`, `{ type: 'object', properties: { a: { type: 'nonsense' } } }`),
      ),
      /config schema of "acme\.x".*\/properties\/a/,
    ],
    [
      'a wrong output schema',
      plugin(stepType('acme.x', `, output: { type: 'object', minProperties: -1 }`)),
      /output schema of "acme\.x"/,
    ],
    ['an exit while it loads', 'process.exit(0);', /process ended by itself, with exit code 0/],
    [
      'a memory blow-up while it loads',
      `const all = []; for (;;) all.push(new Array(1e5).fill({}));`,
      /more than the 150 MiB of memory/,
    ],
  ])('refuses a plugin with %s', async (name, source, reason) => {
    const target = await write(name.replaceAll(' ', '-'), { 'index.js': source });
    expect(await refusal([target])).toMatch(reason);
  });

  test('refuses one that never finishes loading, and loads the others meanwhile', async () => {
    const busy = await write('busy', { 'index.js': 'for (;;);' });
    const waits = await write('waits', { 'index.js': 'await new Promise(() => setInterval(() => 0, 1e6));' });
    const good = await write('good', { 'index.js': plugin(stepType('acme.good')) });
    const { reports } = await load([busy, waits, good]);
    expect(reports.slice(-3).map(({ problem, status }) => ({ problem, status }))).toEqual([
      { status: 'REFUSED', problem: 'its process did not finish loading within 10 s' },
      { status: 'REFUSED', problem: 'its process did not finish loading within 10 s' },
      { status: 'LOADED', problem: null },
    ]);
  });

  test('refuses a step type that another plugin or a built-in one has already', async () => {
    const one = await write('dup-1', { 'index.js': plugin(stepType('acme.same'), 'plugin-one') });
    const two = await write('dup-2', { 'index.js': plugin(stepType('acme.same'), 'plugin-two') });
    expect(await refusal([one, two])).toMatch(/"acme\.same" is already there, from plugin-one/);
    const impostor = await write('dup-3', { 'index.js': plugin(stepType('command'), '@signalbox/plugins') });
    expect(await refusal([impostor])).toMatch(/"command" is already there, from @signalbox\/plugins/);
    const { reports } = await load([TEST_PLUGIN]);
    expect(reports.at(-1)).toMatchObject({ status: 'LOADED', name: 'signalbox-plugin-test' });
  });
});
