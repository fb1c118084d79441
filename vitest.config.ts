import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const FOLDERS = [
  'prisma',
  'launcher',
  'packages/core',
  'packages/plugin-sdk',
  'packages/plugins',
  'packages/executor',
  'packages/api',
  'examples/plugin-sqlite',
];

/** Those whose tests serve the API from within. */
const SERVING = ['packages/api', 'launcher'];

// Left to itself, Vite gives the tests graphql's development build while the libraries load the plain one; GraphQL wants one.
const graphql = fileURLToPath(new URL('packages/api/node_modules/graphql/index.mjs', import.meta.url));

/** What stops, kills, freezes or cuts off real processes takes minutes: `npm run test:faults`. */
const FAULTS = '**/*.fault.test.ts';
const onlyFaults = process.env.TEST_FAULTS !== undefined;
const files = onlyFaults ? { include: [FAULTS] } : { exclude: [...configDefaults.exclude, FAULTS] };

export default defineConfig({
  test: {
    projects: [
      // Real processes and a real database may take their time on a busy machine.
      ...FOLDERS.map((root) => ({
        root,
        resolve: SERVING.includes(root) ? { alias: { graphql } } : {},
        test: { name: root, testTimeout: 30_000, hookTimeout: 60_000, ...files },
      })),
      ...(onlyFaults ? [] : ['packages/web']),
    ],
    globalSetup: ['launcher/src/test-database.ts'],
    reporters: ['default', './launcher/src/plain-reporter.ts'],
    // More workers than this would only make each test slower on a small machine.
    maxWorkers: 2,
  },
});
