import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The product as `npm start` runs it, on a port and in a data folder of its own. */
export interface RunningProduct {
  address: string;
  process: ChildProcess;
  /** Everything it printed. */
  output(): string;
  query<Data>(query: string, variables?: object): Promise<Data>;
  /** Payloads until the subscription completes or `enough` says so. */
  subscribe<Data>(query: string, variables: object, enough?: (data: Data) => boolean): Promise<Data[]>;
  /** Stops it as Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface ProductOptions {
  dataDir: string;
  /** A free one unless told. */
  port?: number;
  env?: Record<string, string>;
}

export async function startProduct({ dataDir, port = 0, env }: ProductOptions): Promise<RunningProduct> {
  const child = spawn(process.execPath, ['launcher/src/start.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
      PORT: String(port),
      SIGNALBOX_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that a test can kill all of it at once.
    detached: true,
  });
  let printed = '';
  const ready = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const address = /Signalbox is ready at (\S+)\s/.exec(printed)?.[1];
      if (address) ready.resolve(address);
    });
  }
  child.once('exit', (code) =>
    ready.reject(new Error(`The product ended with ${code} before it was ready:\n${printed}`)),
  );
  const address = await ready.promise;
  return {
    address,
    process: child,
    output: () => printed,
    async query<Data>(query: string, variables: object = {}) {
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
      if (errors?.[0]) throw new Error(errors[0].message);
      return data;
    },
    async subscribe<Data>(query: string, variables: object, enough: (data: Data) => boolean = () => false) {
      const client = createClient({
        url: `${address.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        lazy: true,
      });
      const payloads: Data[] = [];
      for await (const { data, errors } of client.iterate<Data>({ query, variables: { ...variables } })) {
        if (errors?.[0]) throw new Error(errors[0].message);
        if (!data) continue;
        payloads.push(data);
        if (enough(data)) break;
      }
      await client.dispose();
      return payloads;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'signalbox-product-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A git checkout with two commits by one author, for the report to read. */
export async function sampleRepository(folder: string): Promise<string> {
  const script = `
    git init -q -b main repo && cd repo
    git config user.name Ada && git config user.email ada@localhost
    printf 'export const one = 1;\\n' > one.ts && git add -A && git commit -qm 'Add one'
    printf 'export const one = 1;\\nexport const two = 2;\\n' > one.ts && printf '# Sample\\n' > README.md && git add -A && git commit -qm 'Add two'`;
  await promisify(execFile)('sh', ['-ec', script], { cwd: folder });
  return path.join(folder, 'repo');
}
