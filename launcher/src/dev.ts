/**
 * `npm run dev`: like `npm start`, but API and executor start again when their code changes, and the web app is served by
 * Vite on a port of its own with hot reload.
 */
import { fileURLToPath } from 'node:url';
import { runMachine } from './machine.ts';
import { runProgram } from './program.ts';

const WEB_PORT = 5173;
const WEB_ORIGINS = [`http://127.0.0.1:${WEB_PORT}`, `http://localhost:${WEB_PORT}`];

const VITE_ARGUMENTS = [
  '--host',
  '127.0.0.1',
  '--port',
  String(WEB_PORT),
  '--clearScreen',
  'false',
  '--logLevel',
  'warn',
];

const LINKED = fileURLToPath(new URL('end-with-parent.ts', import.meta.url));
const webFolder = fileURLToPath(new URL('../../packages/web', import.meta.url));

function watched(name: 'api' | 'executor', env: Record<string, string> = {}) {
  const entry = fileURLToPath(import.meta.resolve(`@signalbox/${name}/main`));
  return {
    name,
    nodeArguments: [LINKED, '--watch', '--watch-preserve-output', entry],
    announcesReadiness: true,
    output: 'short',
    env,
  } as const;
}

function withOrigins(configured: readonly string[], own: readonly string[]): string {
  return [...configured, ...own].join(',');
}

await runProgram(() =>
  runMachine({
    ports: [WEB_PORT],
    hasApi: true,
    needsSharedDatabase: false,
    readyLine: (address) => `Signalbox is ready at ${WEB_ORIGINS[0]} (web app with hot reload) and ${address} (API)`,
    services: ({ settings }) => [
      watched('api', {
        SIGNALBOX_ALLOWED_ORIGINS: withOrigins(settings.allowedOrigins, WEB_ORIGINS),
        SIGNALBOX_ALLOWED_HOSTS: withOrigins(
          settings.allowedHosts,
          WEB_ORIGINS.map((origin) => new URL(origin).host),
        ),
      }),
      watched('executor'),
      {
        name: 'web',
        nodeArguments: [LINKED, `${webFolder}/node_modules/vite/bin/vite.js`, webFolder, ...VITE_ARGUMENTS],
        announcesReadiness: false,
        output: 'short',
        env: { SIGNALBOX_API_URL: `http://${settings.host}:${settings.port}` },
      },
    ],
  }),
);
