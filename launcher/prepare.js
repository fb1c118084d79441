import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runStep } from './run-command.js';
import { hashOf, logFileOf, readStamp, writeStamp } from './stamps.js';
import { environmentForPackageManagers, pathWith, withPnpm } from './toolchain.js';

/** @typedef {'install' | 'prisma' | 'schema' | 'client-types' | 'web-types' | 'web'} Phase */
/** @typedef {import('./toolchain.js').Toolchain} Toolchain */

const PHASES = {
  install: installPhase,
  prisma: prismaPhase,
  schema: schemaPhase,
  'client-types': clientTypesPhase,
  'web-types': webTypesPhase,
  web: webPhase,
};

/**
 * Installs, generates and builds what is missing or older than its sources, and nothing else.
 * @param {string} root
 * @param {Toolchain} toolchain
 * @param {Phase[]} needs in the order in which they are to happen
 * @param {{ again?: boolean }} [options] again: also generate what seems to be up to date
 */
export async function prepare(root, toolchain, needs, { again = false } = {}) {
  for (const need of needs) {
    const phase = PHASES[need](root, toolchain);
    if (!(again && need !== 'install') && isDone(root, phase)) continue;
    await phase.run();
    writeStamp(root, phase.name, { hash: hashOf(root, phase.inputs) });
  }
}

/**
 * @typedef {object} PhaseWork
 * @property {string} name
 * @property {string[]} inputs files and folders that decide whether it has to run again
 * @property {string[]} outputs files that must be there when it has run
 * @property {() => Promise<unknown>} run
 */

/**
 * @param {string} root
 * @param {PhaseWork} phase
 */
function isDone(root, { name, inputs, outputs }) {
  return (
    outputs.every((file) => existsSync(path.join(root, file))) && readStamp(root, name)?.hash === hashOf(root, inputs)
  );
}

/**
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {PhaseWork}
 */
function installPhase(root, toolchain) {
  const packages = [
    'prisma',
    'launcher',
    'bench',
    ...['packages', 'examples'].flatMap((folder) =>
      readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
    ),
  ].filter((folder) => existsSync(path.join(root, folder, 'package.json')));
  return {
    name: 'install',
    inputs: [
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'package.json',
      ...packages.map((folder) => `${folder}/package.json`),
    ],
    outputs: ['node_modules/.modules.yaml', 'launcher/node_modules', 'prisma/node_modules'],
    async run() {
      const complete = await withPnpm(root, toolchain);
      await runStep({
        title: 'Installing packages',
        command: complete.pnpm,
        args: ['install', '--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'],
        cwd: root,
        env: { ...environmentForPackageManagers(), PATH: pathWith(complete) },
        logFile: logFileOf(root, 'install'),
      });
    },
  };
}

/**
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {PhaseWork}
 */
function prismaPhase(root, { node }) {
  const cwd = path.join(root, 'prisma');
  return {
    name: 'prisma',
    inputs: ['prisma/schema.prisma', 'prisma/package.json'],
    outputs: ['prisma/src/generated/prisma/client.ts', 'prisma/src/generated/pothos.ts'],
    run: () =>
      runStep({
        title: 'Generating the database client',
        command: node,
        args: ['node_modules/prisma/build/index.js', 'generate'],
        cwd,
        env: {
          ...process.env,
          // Prisma looks its generators up by name.
          PATH: [path.join(cwd, 'node_modules/.bin'), path.dirname(node), process.env.PATH].join(path.delimiter),
          // Generating needs no engine; naming any program keeps Prisma from downloading one.
          PRISMA_SCHEMA_ENGINE_BINARY: node,
          CHECKPOINT_DISABLE: '1',
        },
        logFile: logFileOf(root, 'prisma'),
      }),
  };
}

/**
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {PhaseWork}
 */
function schemaPhase(root, { node }) {
  return {
    name: 'schema',
    inputs: ['packages/api/src', 'packages/api/tools', 'prisma/schema.prisma'],
    outputs: ['packages/api/schema.graphql'],
    run: () =>
      runStep({
        title: 'Printing the GraphQL schema',
        command: node,
        args: ['tools/print-schema.ts'],
        cwd: path.join(root, 'packages/api'),
        env: process.env,
        logFile: logFileOf(root, 'schema'),
      }),
  };
}

/**
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {PhaseWork}
 */
function clientTypesPhase(root, { node }) {
  return {
    name: 'client-types',
    inputs: ['packages/api/schema.graphql', 'packages/api/tools', 'packages/api/package.json'],
    outputs: ['packages/api/src/client/generated/graphql-env.d.ts'],
    run: () =>
      runStep({
        title: 'Generating the API types of the client',
        command: node,
        args: ['tools/client-types.ts'],
        cwd: path.join(root, 'packages/api'),
        env: process.env,
        logFile: logFileOf(root, 'client-types'),
      }),
  };
}

/**
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {PhaseWork}
 */
function webTypesPhase(root, { node }) {
  return {
    name: 'web-types',
    inputs: ['packages/api/schema.graphql', 'packages/web/tools', 'packages/web/package.json'],
    outputs: ['packages/web/src/generated/graphql-env.d.ts', 'packages/web/src/generated/operation-hashes.ts'],
    run: () =>
      runStep({
        title: 'Generating the API types of the web app',
        command: node,
        args: ['tools/generate.ts'],
        cwd: path.join(root, 'packages/web'),
        env: process.env,
        logFile: logFileOf(root, 'web-types'),
      }),
  };
}

/**
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {PhaseWork}
 */
function webPhase(root, { node }) {
  return {
    name: 'web',
    inputs: ['packages/web', 'packages/api/schema.graphql', 'pnpm-lock.yaml'],
    outputs: [
      'packages/web/dist/index.html',
      'packages/web/dist/operations.json',
      'packages/web/src/generated/graphql-env.d.ts',
    ],
    run: () =>
      runStep({
        title: 'Building the web app',
        command: node,
        args: ['--run', 'build'],
        cwd: path.join(root, 'packages/web'),
        env: { ...process.env, PATH: [path.dirname(node), process.env.PATH].join(path.delimiter) },
        logFile: logFileOf(root, 'web'),
      }),
  };
}
