import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { ResultOf, SignalboxClient } from '../../client/client.ts';
import type { Act, CommandContext } from '../command-context.ts';
import { Diagnosis } from '../documents.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'failed';
  message: string;
  /** What to do about it. */
  remedy?: string;
}

const MOST_CLOCK_SKEW_MS = 2_000;
const PATIENCE_MS = 5_000;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

const AFTER_HELP = `
Looks at the server, its database, the token, the versions, the clocks, workers, queues, plugins and tool servers.
Ends with 1 when something has failed; warnings end with 0.`;

export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .description('look for what keeps jobs from running')
    .addHelpText('after', AFTER_HELP)
    .action(act(doctor));
}

async function doctor({ client, terminal }: CommandContext): Promise<ExitCode> {
  const findings = await examine(client);
  if (terminal.isJson) terminal.json(findings);
  for (const { check, message, remedy, state } of terminal.isJson ? [] : findings) {
    terminal.line(`${terminal.paint(COLOURS[state], state.padEnd(7))}  ${check}: ${message}`);
    if (remedy) terminal.line(`         ${remedy}`);
  }
  return findings.some(({ state }) => state === 'failed') ? EXIT.failed : EXIT.ok;
}

async function examine(client: SignalboxClient): Promise<Finding[]> {
  const server = await probe(`${client.url}/healthz`);
  if (server.status === undefined) {
    const remedy = 'Start it with `npm start`, or set SIGNALBOX_URL to where it is.';
    return [
      { check: 'server', state: 'failed', message: `nothing answers at ${client.url} (${server.reason})`, remedy },
    ];
  }
  const database = await probe(`${client.url}/readyz`);
  const findings: Finding[] = [
    { check: 'server', state: 'ok', message: `${client.url} answers` },
    database.status === 200
      ? { check: 'database', state: 'ok', message: 'answers' }
      : {
          check: 'database',
          state: 'failed',
          message: `the server cannot reach it (${database.status ?? database.reason})`,
          remedy: 'The server goes on by itself once PostgreSQL is back; look at its log and at DATABASE_URL.',
        },
  ];
  const sentAt = Date.now();
  try {
    const diagnosis = await client.send(Diagnosis, {}, AbortSignal.timeout(PATIENCE_MS));
    const skewMs = Date.parse(diagnosis.server.time) - (sentAt + Date.now()) / 2;
    return [...findings, { check: 'token', state: 'ok', message: 'is accepted' }, ...judge(diagnosis, skewMs)];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      ...findings,
      { check: 'token', state: 'failed', message, remedy: 'See SIGNALBOX_TOKEN, and the version of the server.' },
    ];
  }
}

async function probe(url: string): Promise<{ status?: number; reason?: string }> {
  try {
    return { status: (await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).status };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { reason: cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause) };
  }
}

function judge(
  { plugins, queues, server, toolServers, workers }: ResultOf<typeof Diagnosis>,
  skewMs: number,
): Finding[] {
  const healthy = workers.filter((worker) => worker.healthy);
  const versions = new Set([server.version, ...healthy.map(({ version }) => version ?? 'one that is too old to tell')]);
  const isSame = versions.size === 1 && server.version === packageJson.version;
  const deserted = queues.filter(({ queued, workers: serving }) => queued > 0 && serving === 0);
  const broken = [...plugins, ...toolServers].filter(({ problem }) => problem !== null);
  return [
    {
      check: 'version',
      state: isSame ? 'ok' : 'warning',
      message: isSame
        ? server.version
        : `this is ${packageJson.version}, the server ${server.version}, with workers ${[...versions].join(', ')}`,
      remedy: isSame ? undefined : 'They work side by side during an upgrade; finish it.',
    },
    Math.abs(skewMs) <= MOST_CLOCK_SKEW_MS
      ? { check: 'clock', state: 'ok', message: 'agrees with the server' }
      : {
          check: 'clock',
          state: 'warning',
          message: `this machine and the server are ${Math.round(Math.abs(skewMs) / 1_000)} s apart`,
          remedy: 'Synchronise both clocks, or ages and remaining times are shown wrong.',
        },
    healthy.length > 0
      ? { check: 'workers', state: 'ok', message: healthy.map(({ name }) => name).join(', ') }
      : {
          check: 'workers',
          state: 'failed',
          message: workers.length > 0 ? 'none of them is healthy' : 'there is none',
          remedy: 'Nothing runs without one: `npm start`, or `npm run start:executor`.',
        },
    ...deserted.map(({ name, queued }): Finding => {
      const remedy = `Start a worker with SIGNALBOX_QUEUES=${name}.`;
      return {
        check: 'queue',
        state: 'failed',
        message: `${queued} jobs stand in "${name}", which no worker serves`,
        remedy,
      };
    }),
    ...broken.map(({ name, problem, workerName }): Finding => {
      return { check: 'plugin', state: 'warning', message: `${name} on ${workerName}: ${problem}` };
    }),
  ];
}
