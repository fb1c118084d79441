import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import type { BenchServer } from './bench-server.ts';

type Facts = [name: string, value: string][];

/** What the figures depend on, as name and value. */
export function describeMachine(server: BenchServer): Facts {
  return [
    ...describeHardware(server),
    ['@dbos-inc/dbos-sdk', versionOf('@dbos-inc/dbos-sdk')],
    ['pg', versionOf('pg')],
    ['graphile-worker', versionOf('graphile-worker', '@signalbox/db/queue')],
  ];
}

/** The same for the part of the API. */
export function describeApiMachine(server: BenchServer): Facts {
  const packages = ['graphql', 'graphql-yoga', 'graphql-ws', 'ws', 'pg'];
  return [...describeHardware(server), ...packages.map((name): Facts[number] => [name, versionOf(name)])];
}

function describeHardware(server: BenchServer): Facts {
  const cpus = os.cpus();
  return [
    ['Processor', `${cpus[0]?.model.trim() ?? 'unknown'}, ${os.availableParallelism()} cores`],
    ['Memory', `${Math.round(os.totalmem() / 1024 ** 3)} GiB`],
    ['System', `${os.type()} ${os.arch()}`],
    ['Node', process.versions.node],
    ['PostgreSQL', `${server.version}, same machine, TCP loopback`],
    [
      'Its settings',
      Object.entries(server.settings)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    ],
    [
      'Load when it began',
      os
        .loadavg()
        .map((load) => load.toFixed(1))
        .join(', '),
    ],
  ];
}

/** The installed version of a package, as seen from here or from a module that uses it. */
function versionOf(name: string, seenFrom?: string): string {
  const require = createRequire(seenFrom ? import.meta.resolve(seenFrom) : import.meta.url);
  const folder = require.resolve(name).replace(new RegExp(`(.*/node_modules/${name}/).*`), '$1');
  const { version }: { version: string } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return version;
}
