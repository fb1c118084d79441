/**
 * The way in: plain JavaScript for whatever Node is there (20 or newer), with nothing installed yet.
 * Brings the pinned Node and pnpm, installs and builds what is missing, then hands over to the TypeScript part.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainSystemError } from './explain-failure.js';
import { LaunchError } from './launch-error.js';
import { prepare } from './prepare.js';
import { runForeground } from './run-command.js';
import { findToolchain, pathWith } from './toolchain.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const HELP = `Signalbox

  npm start                  everything on this machine: database, API with the web app, executor
  npm run start:api          the API alone, over DATABASE_URL
  npm run start:executor     an executor alone, over DATABASE_URL
  npm run dev                like start, restarting when the code changes, web app on port 5173
  npm test [-- FILTER …]     all tests, or those whose path contains FILTER
  npm run test:faults        those that kill, freeze and cut off real processes; takes minutes
  npm run test:browser       those that click through the web app, which need a Chromium; takes minutes
  npm run storybook          the screens and parts of the web app with a mock engine, without a server
  npm run check              formatting, lints, package boundaries, types, generated files
  npm run generate           write the generated files again
  npm run bench [-- quick]   measure against DBOS and plain SQL, and write bench/results.md (quick: only print; api: the API only)
  npm run new:plugin NAME [folder]   a new package with a step type of your own and its tests
  npm run pack:sdk [folder]  the plugin SDK as a package that can be installed and published
  npm run token -- create NAME   a first API token; also: list, revoke, and scope=admin, tenant=…, days=…
  npm run tenant -- create SLUG  a further tenant; also: list
  npm run chaos [-- seeds=…]  100 schedules of kills, freezes, stops and cancels, or those of the seeds
  npm run cli -- COMMAND …    the command line, as \`npx signalbox COMMAND …\`; --help lists its commands
  node launcher/launch.js prepare   install and build, start nothing (for images)

Settings are environment variables or keys in signalbox.config.yaml, for example: PORT=5000 npm start
README.md lists them.`;

/**
 * @typedef {object} Command
 * @property {import('./prepare.js').Phase[]} needs what has to be in place first
 * @property {string[]} [program] what the pinned Node then runs
 * @property {boolean} [again] generate anew what seems to be up to date
 * @property {boolean} [takesArguments] they are passed on to the program
 * @property {boolean} [isService] runs until it is stopped
 * @property {boolean} [isPersonal] works where the person is, and explains itself
 * @property {Record<string, string>} [env] what the program finds in its environment besides
 */

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: { needs: ['install', 'prisma', 'web'], program: ['launcher/src/start.ts'], isService: true },
  api: { needs: ['install', 'prisma', 'web'], program: ['launcher/src/start.ts', 'api'], isService: true },
  executor: { needs: ['install', 'prisma'], program: ['launcher/src/start.ts', 'executor'], isService: true },
  dev: { needs: ['install', 'prisma', 'client-types', 'web-types'], program: ['launcher/src/dev.ts'], isService: true },
  test: {
    needs: ['install', 'prisma', 'client-types', 'web'],
    program: ['node_modules/vitest/vitest.mjs', 'run'],
    takesArguments: true,
  },
  faults: {
    needs: ['install', 'prisma', 'web'],
    program: ['node_modules/vitest/vitest.mjs', 'run'],
    takesArguments: true,
    env: { TEST_SUITE: 'faults' },
  },
  browser: {
    needs: ['install', 'prisma', 'web'],
    program: ['node_modules/vitest/vitest.mjs', 'run'],
    takesArguments: true,
    env: { TEST_SUITE: 'browser' },
  },
  storybook: { needs: ['install', 'web-types'], program: ['packages/web/tools/storybook.ts'], takesArguments: true },
  check: {
    needs: ['install', 'prisma', 'client-types', 'web-types'],
    program: ['launcher/src/check.ts'],
    takesArguments: true,
  },
  bench: { needs: ['install', 'prisma'], program: ['bench/src/main.ts'], takesArguments: true },
  token: { needs: ['install', 'prisma'], program: ['launcher/src/access-command.ts', 'token'], takesArguments: true },
  tenant: { needs: ['install', 'prisma'], program: ['launcher/src/access-command.ts', 'tenant'], takesArguments: true },
  'new:plugin': { needs: ['install'], program: ['packages/plugin-sdk/tools/new-plugin.js'], takesArguments: true },
  'pack:sdk': { needs: ['install'], program: ['packages/plugin-sdk/tools/pack.js'], takesArguments: true },
  cli: {
    needs: ['install'],
    program: [path.join(root, 'packages/api/src/cli/main.ts')],
    takesArguments: true,
    isPersonal: true,
  },
  chaos: {
    needs: ['install', 'prisma'],
    program: ['launcher/src/with-database.ts', 'packages/executor/test/chaos/main.ts'],
    takesArguments: true,
  },
  generate: { needs: ['install', 'prisma', 'schema', 'client-types', 'web-types'], again: true },
  prepare: { needs: ['install', 'prisma', 'client-types', 'web'] },
  'find-browser': { needs: ['install'], program: ['launcher/test/browser.ts'] },
};

/** @param {string[]} words */
function asksForHelp(words) {
  return words.some((word) => word === '--help' || word === '-h');
}

/** @param {string[]} argv */
async function main(argv) {
  const [name = 'start', ...extra] = argv;
  if (name === 'help' || (!COMMANDS[name]?.isPersonal && asksForHelp([name, ...extra]))) {
    console.log(HELP);
    return 0;
  }
  const command = COMMANDS[name];
  if (!command) throw new LaunchError(`Unknown command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.`);
  if (extra.length > 0 && !command.takesArguments) {
    throw new LaunchError(
      `"${name}" takes no arguments, but got: ${extra.join(' ')}. Settings are environment variables.`,
    );
  }
  if (process.platform === 'win32') {
    throw new LaunchError('Signalbox runs on Linux and macOS. On Windows, use it inside WSL.');
  }
  const toolchain = await findToolchain(root);
  await prepare(root, toolchain, command.needs, { again: command.again });
  if (!command.program) return 0;
  return runForeground(toolchain.node, [...command.program, ...extra], {
    // npm itself goes to the folder of the package before it runs a script.
    cwd: command.isPersonal ? (process.env.INIT_CWD ?? process.cwd()) : root,
    env: command.isService
      ? serviceEnvironment()
      : { ...serviceEnvironment(), ...command.env, PATH: pathWith(toolchain) },
    linked: command.isService ?? false,
  });
}

/**
 * A service keeps the PATH that its steps would expect. Compiled code is kept, which saves a third of the start.
 * @returns {NodeJS.ProcessEnv}
 */
function serviceEnvironment() {
  return { NODE_COMPILE_CACHE: path.join(root, 'node_modules/.signalbox/compile-cache'), ...process.env };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof LaunchError ? error.message : (explainSystemError(error) ?? error));
    process.exitCode = error instanceof LaunchError ? error.exitCode : 1;
  },
);
