/**
 * `npm start`: the database, the API and an executor on this machine, looked after until a signal ends them.
 * With the argument `api` or `executor` only that one, over DATABASE_URL, for use on several machines.
 */
import { fileURLToPath } from 'node:url';
import { type MachinePlan, runMachine } from './machine.ts';
import { runProgram } from './program.ts';

type ServiceName = 'api' | 'executor';

const READY_LINES = {
  whole: (address: string) => `Signalbox is ready at ${address}`,
  api: (address: string) => `The Signalbox API is ready at ${address}`,
  executor: () => 'The Signalbox executor is ready',
};

function planFor(only: ServiceName | undefined): MachinePlan {
  const names: readonly ServiceName[] = only ? [only] : ['api', 'executor'];
  return {
    ports: [],
    hasApi: names.includes('api'),
    readyLine: READY_LINES[only ?? 'whole'],
    needsSharedDatabase: only !== undefined,
    services: () =>
      names.map((name) => ({
        name,
        nodeArguments: [entryOf(name)],
        announcesReadiness: true,
        output: only ? 'raw' : 'short',
      })),
  };
}

function entryOf(name: ServiceName): string {
  return fileURLToPath(import.meta.resolve(`@signalbox/${name}/main`));
}

const [argument] = process.argv.slice(2);
await runProgram(() => runMachine(planFor(argument === 'api' || argument === 'executor' ? argument : undefined)));
