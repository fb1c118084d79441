/** Runs the machine with little programs in the place of the API and the executor. The argument is a plan as JSON. */
import { runMachine } from '../../src/machine.ts';
import { runProgram } from '../../src/program.ts';

interface FakePlan {
  hasApi?: boolean;
  needsSharedDatabase?: boolean;
  services: Record<string, string>;
}

const { hasApi = false, needsSharedDatabase = false, services } = JSON.parse(process.argv[2] ?? '') as FakePlan;
await runProgram(() =>
  runMachine({
    ports: [],
    hasApi,
    needsSharedDatabase,
    services: () =>
      Object.entries(services).map(([name, program]) => ({
        name,
        nodeArguments: ['-e', program],
        announcesReadiness: true,
        output: 'short',
      })),
    readyLine: (address) => `ready at ${address}`,
  }),
);
