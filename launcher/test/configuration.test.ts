import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfigurationFile, readConfiguration } from '../src/configuration.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-configuration-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileWith(content: string): Promise<string> {
  const file = path.join(folder, 'signalbox.config.yaml');
  await writeFile(file, content);
  return file;
}

const parse = (source: string) => parseConfigurationFile(source, '/etc/signalbox.yaml');

test('settings come from the file, and the environment wins', async () => {
  const file = await fileWith('PORT: 5000\nSIGNALBOX_CONCURRENCY: 3\n');
  const { settings, env } = await readConfiguration({ SIGNALBOX_CONFIG: file, SIGNALBOX_CONCURRENCY: '7' });
  expect(settings).toMatchObject({ port: 5000, concurrency: 7, configPath: file });
  expect(env).toMatchObject({ PORT: '5000', SIGNALBOX_CONCURRENCY: '7' });
});

test('without a file the defaults hold, and the worker is named after the machine', async () => {
  const { settings } = await readConfiguration({});
  expect(settings).toMatchObject({ port: 4000, host: '127.0.0.1', dataDir: '.data' });
  expect(settings.workerName).not.toBe('worker');
});

test('lists become comma-separated, and MCP servers become the JSON of their setting', () => {
  const source =
    'SIGNALBOX_PLUGINS: [./mine, their-plugin]\nmcpServers:\n  files: { command: files-server }\nSIGNALBOX_MODEL:\n';
  expect(parse(source)).toEqual({
    SIGNALBOX_PLUGINS: './mine,their-plugin',
    SIGNALBOX_MCP_SERVERS: '{"files":{"command":"files-server"}}',
  });
});

test('an empty file is a file without settings', () => {
  expect(parse('')).toEqual({});
  expect(parse('# nothing yet\n')).toEqual({});
});

test.each([
  ['PROT: 5000', '/etc/signalbox.yaml: "PROT" is not a setting. Did you mean "PORT"?'],
  ['PORT: { number: 5000 }', '/etc/signalbox.yaml: PORT must be a single value, or a list of single values'],
  ['- PORT', '/etc/signalbox.yaml: must hold settings, one `NAME: value` a line'],
  ['PORT: [1', '/etc/signalbox.yaml: not valid YAML: '],
  ['SIGNALBOX_CONFIG: other.yaml', 'SIGNALBOX_CONFIG names this file'],
])('%s is refused in one line', (source, message) => {
  expect(() => parse(source)).toThrow(message);
});

test('a wrong value in the file is told like one in the environment', async () => {
  const file = await fileWith('PORT: many\n');
  await expect(readConfiguration({ SIGNALBOX_CONFIG: file })).rejects.toThrow(
    'PORT: must be a whole number from 0 to 65535, but is "many"',
  );
});

test('a file that was asked for and is not there is an error', async () => {
  const missing = path.join(folder, 'missing.yaml');
  await expect(readConfiguration({ SIGNALBOX_CONFIG: missing })).rejects.toThrow(
    `SIGNALBOX_CONFIG: ${missing} cannot be read (ENOENT)`,
  );
});
