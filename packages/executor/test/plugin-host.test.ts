import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advertise, BUILT_IN_PLUGINS, loadPlugins, PluginError } from '../src/plugin-host.ts';
import { TEST_PLUGIN } from './stage.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-plugins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

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

async function refusal(names: string[]): Promise<string> {
  const error: unknown = await loadPlugins(names).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PluginError);
  const { message } = error as PluginError;
  expect(message).not.toContain('\n');
  return message;
}

describe('the plugin host', () => {
  test('gives a field that names a setting the value of that setting as its default', async () => {
    const types = await loadPlugins(BUILT_IN_PLUGINS, { SIGNALBOX_MODEL: 'openai/local' });
    const prompt = advertise(types).find(({ type }) => type === 'prompt');
    expect(prompt?.configSchema).toMatchObject({ properties: { model: { default: 'openai/local' } } });
  });

  test('loads the built-in step types by name and advertises them whole', async () => {
    const advertised = advertise(await loadPlugins(BUILT_IN_PLUGINS));
    expect(advertised.map(({ type }) => type)).toEqual(['command', 'tool', 'prompt', 'simulated', 'wait', 'approval']);
    expect(advertised[0]).toMatchObject({
      plugin: '@signalbox/plugins',
      pluginVersion: '0.1.0',
      repeatable: false,
      configSchema: { type: 'object' },
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
    const types = await loadPlugins([path.join(file, 'one.js'), index, main, exported]);
    expect([...types].map(([type, { pluginVersion }]) => [type, pluginVersion])).toEqual([
      ['acme.one', expect.any(String)],
      ['acme.two', '2.0.0'],
      ['acme.three', '0.0.0'],
      ['acme.four', '3.1.4'],
    ]);
  });

  test('refuses what is not there, and says how to name it', async () => {
    expect(await refusal(['signalbox-plugin-nowhere'])).toMatch(
      /"signalbox-plugin-nowhere".*not found.*Install the package/,
    );
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
  ])('refuses a plugin with %s', async (name, source, reason) => {
    const target = await write(name.replaceAll(' ', '-'), { 'index.js': source });
    expect(await refusal([target])).toMatch(reason);
  });

  test('refuses a step type that another plugin has already', async () => {
    const one = await write('dup-1', { 'index.js': plugin(stepType('acme.same'), 'plugin-one') });
    const two = await write('dup-2', { 'index.js': plugin(stepType('acme.same'), 'plugin-two') });
    expect(await refusal([one, two])).toMatch(/"acme\.same" is already there, from plugin-one/);
    expect(await refusal([TEST_PLUGIN, TEST_PLUGIN])).toContain('already there');
  });
});
