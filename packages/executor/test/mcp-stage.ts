import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { TestStep } from './stage.ts';

const moduleOf = (name: string) => fileURLToPath(import.meta.resolve(name));
/** Of published servers; the packages have no exports, so that their programs are found beside their manifests. */
const programOf = (name: string) => moduleOf(`${name}/package.json`).replace('package.json', 'dist/index.js');

export const EVERYTHING = programOf('@modelcontextprotocol/server-everything');
export const FILESYSTEM = programOf('@modelcontextprotocol/server-filesystem');

/** The setting for these servers. */
export function mcpServers(servers: Record<string, object>): { SIGNALBOX_MCP_SERVERS: string } {
  return { SIGNALBOX_MCP_SERVERS: JSON.stringify({ mcpServers: servers }) };
}

export const everything = { command: process.execPath, args: [EVERYTHING] };

/** Starts the published server over HTTP; `stop` ends it, and the end of the test does. */
export async function serveEverything(port?: number): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const chosen = port ?? (await freePort());
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { PATH: process.env.PATH, PORT: String(chosen) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(stop);
  await new Promise<void>((listening, failed) => {
    child.stderr.on('data', (text: Buffer) => {
      if (text.includes('listening')) listening();
    });
    child.once('exit', (code) => failed(new Error(`the server exited with code ${code}`)));
  });
  return { url: `http://127.0.0.1:${chosen}/mcp`, port: chosen, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** A tool step with the key "call". */
export function callTool(tool: string, input: object): TestStep {
  return { key: 'call', type: 'tool', with: { tool, input: { ...input } } };
}
