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

/** Those with properties that are tried on made-up cases. */
const TRYING = ['packages/core', 'packages/plugins', 'packages/web'];
const seed = fileURLToPath(new URL('launcher/src/property-seed.ts', import.meta.url));
const seeded = (root: string) => (TRYING.includes(root) ? { setupFiles: [seed] } : {});

/** Real processes and a real database may take their time on a busy machine. Who passes does not wait for any of this. */
const PATIENCE = { testTimeout: 90_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };

/** What takes minutes, or needs more than Node: `npm run test:faults` kills and cuts off real processes, `npm run test:browser` clicks. */
const SUITES = { faults: '**/*.fault.test.ts', browser: '**/*.browser.test.ts' };
const suite = Object.entries(SUITES).find(([name]) => name === process.env.TEST_SUITE)?.[1];
const files = suite ? { include: [suite] } : { exclude: [...configDefaults.exclude, ...Object.values(SUITES)] };

export default defineConfig({
  test: {
    projects: [
      ...FOLDERS.map((root) => ({
        root,
        resolve: SERVING.includes(root) ? { alias: { graphql } } : {},
        test: { name: root, ...PATIENCE, ...files, ...seeded(root) },
      })),
      ...(suite
        ? []
        : [
            {
              extends: 'packages/web/vite.config.ts',
              root: 'packages/web',
              test: { name: 'packages/web', ...PATIENCE, ...seeded('packages/web') },
            },
          ]),
    ],
    globalSetup: ['launcher/src/test-database.ts'],
    reporters: ['default', './launcher/src/plain-reporter.ts'],
    // More workers than this would only make each test slower on a small machine.
    maxWorkers: 2,
  },
});
