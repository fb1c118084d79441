import { describe, expect, it } from 'vitest';
import { readMcpServers, secretsOf, withSecrets } from '../src/mcp-servers.ts';
import { readSettings, SettingsError } from '../src/settings.ts';

const read = (servers: object) => readMcpServers(JSON.stringify(servers));

/** What the start is refused with. */
function refusal(value: string): string {
  try {
    readSettings({ SIGNALBOX_MCP_SERVERS: value });
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
}

describe('MCP servers', () => {
  it('are read by name, as they are or under their usual key, with defaults', () => {
    const servers = {
      files: { command: 'npx', args: ['-y', 'server-files', '/srv'], env: { LEVEL: '1' }, cwd: 'here', timeout: '2m' },
      search: { type: 'http', url: 'https://search.example/mcp', headers: { Authorization: 'Bearer ${secrets.KEY}' } },
      off: { command: 'x', disabled: true },
    };
    const expected = {
      files: {
        transport: 'stdio',
        command: 'npx',
        args: ['-y', 'server-files', '/srv'],
        env: { LEVEL: '1' },
        cwd: 'here',
        timeoutMs: 120_000,
      },
      search: {
        transport: 'http',
        url: 'https://search.example/mcp',
        headers: { Authorization: 'Bearer ${secrets.KEY}' },
        timeoutMs: 300_000,
      },
    };
    expect(read(servers)).toEqual(expected);
    expect(read({ mcpServers: servers })).toEqual(expected);
    expect(readSettings({}).mcpServers).toEqual({});
  });

  it('have their secrets put in place, in programs, environments, addresses and headers', () => {
    const servers = read({
      a: { command: 'x', args: ['--key=${secrets.A}'], env: { B: '${secrets.B}-${secrets.A}' } },
      b: { url: 'https://h.example/${secrets.A}', headers: { x: '${secrets.NONE_OF' } },
    });
    const secret = (name: string) => `<${name}>`;
    expect(Object.values(servers).map(secretsOf)).toEqual([['A', 'B'], ['A']]);
    expect(Object.values(servers).map((server) => withSecrets(server, secret))).toMatchObject([
      { args: ['--key=<A>'], env: { B: '<B>-<A>' } },
      { url: 'https://h.example/<A>', headers: { x: '${secrets.NONE_OF' } },
    ]);
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'must be an object with the servers by name'],
    ['{"a b": {"command": "x"}}', 'the server name "a b" must be letters, digits, ., _ and -'],
    ['{"a": "x"}', 'the server "a" must be an object with `command` or `url`'],
    ['{"a": {}}', 'the server "a" needs either `command` (a program) or `url` (http or https), and no other `type`'],
    ['{"a": {"command": "x", "url": "http://h"}}', 'the server "a" needs either'],
    ['{"a": {"url": "http://h", "type": "sse"}}', 'the server "a" needs either'],
    ['{"a": {"url": "ftp://h"}}', 'the server "a" has a wrong value at "url"'],
    ['{"a": {"command": "x", "arg": []}}', 'the server "a" has no field "arg". Did you mean "args"?'],
    ['{"a": {"command": "x", "args": "--token hunter2"}}', 'the server "a" has a wrong value at "args"'],
    ['{"a": {"command": "x", "timeout": "soon"}}', 'the server "a" has a wrong value at "timeout"'],
  ])('stop the start when they are wrong: %s', (value, problem) => {
    const message = refusal(value);
    expect(message.startsWith(`SIGNALBOX_MCP_SERVERS: ${problem}`), message).toBe(true);
    expect(message).not.toMatch(/\n|hunter2/);
  });
});
