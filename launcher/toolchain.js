import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { LaunchError } from './launch-error.js';
import { runStep } from './run-command.js';
import { logFileOf, readStamp, writeStamp } from './stamps.js';

export const NODE_VERSION = '24.21.0';
export const PNPM_VERSION = '12.21.0';

/**
 * Absolute paths of the programs that everything else runs with. pnpm is absent until an install needs it when the
 * Node that runs the launcher is new enough.
 * @typedef {{ node: string, pnpm?: string }} Toolchain
 */

/**
 * The Node and pnpm this version was made for, brought from the npm registry by npx where they are missing.
 * The answer is remembered, so that a later start asks nobody.
 * @param {string} root
 * @returns {Promise<Toolchain>}
 */
export async function findToolchain(root) {
  if (isNewEnough(process.versions.node)) return { node: process.execPath };
  const known = readStamp(root, 'toolchain');
  if (known?.wanted === wanted() && known.node && existsSync(known.node) && isNewEnough(await versionOf(known.node))) {
    return { node: known.node, pnpm: known.pnpm };
  }
  return bringToolchain(root, [`node@${NODE_VERSION}`, `pnpm@${PNPM_VERSION}`]);
}

/**
 * The toolchain with pnpm in it, for an install.
 * @param {string} root
 * @param {Toolchain} toolchain
 * @returns {Promise<{ node: string, pnpm: string }>}
 */
export async function withPnpm(root, toolchain) {
  const { node, pnpm } = toolchain;
  if (pnpm && existsSync(pnpm)) return { node, pnpm };
  const brought = await bringToolchain(root, [`pnpm@${PNPM_VERSION}`]);
  return { node, pnpm: brought.pnpm };
}

/**
 * PATH with the pinned programs in front.
 * @param {Toolchain} toolchain
 */
export function pathWith(toolchain) {
  const folders = [toolchain.node, toolchain.pnpm]
    .filter((file) => file !== undefined)
    .map((file) => path.dirname(file));
  return [...folders, process.env.PATH].join(path.delimiter);
}

/**
 * The environment without what the npm that started us says about itself and this package; people's own settings
 * (registry, proxy, cache) stay.
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentForPackageManagers() {
  const own =
    /^npm_(package_|lifecycle_|command$|execpath$|node_execpath$|config_(local_prefix|global_prefix|prefix|user_agent|node_gyp|npm_version|init_module)$)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return {
    // Failing in seconds with advice beats silent minutes; the person's own values win.
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
    pnpm_config_fetch_retry_mintimeout: '1000',
    pnpm_config_fetch_retry_maxtimeout: '5000',
    npm_config_update_notifier: 'false',
    // pnpm does not listen to npm's name for it.
    pnpm_config_registry: process.env.npm_config_registry,
    ...Object.fromEntries(kept),
    // The node package puts its program in place by an install script; without it npx runs the old Node and says nothing.
    npm_config_ignore_scripts: 'false',
  };
}

/**
 * @param {string} root
 * @param {string[]} packages
 * @returns {Promise<{ node: string, pnpm: string }>}
 */
async function bringToolchain(root, packages) {
  const title = `Bringing ${packages.join(' and ').replaceAll('@', ' ')}`;
  const stdout = await runStep({
    title,
    command: 'npx',
    args: [
      '--yes',
      ...packages.map((name) => `--package=${name}`),
      '--',
      'node',
      path.join(root, 'launcher/describe-toolchain.js'),
    ],
    cwd: root,
    env: environmentForPackageManagers(),
    logFile: logFileOf(root, 'toolchain'),
  });
  const found = /** @type {{ node: string, version: string, pnpm: string | null }} */ (
    JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}')
  );
  if (!isNewEnough(found.version)) {
    throw new LaunchError(
      `npm did not bring Node ${NODE_VERSION}: it ran ${found.version}. Install scripts may be switched off for npm ` +
        '(`npm config get ignore-scripts`); allow them, or install that Node yourself, and run the command again.',
    );
  }
  if (!found.pnpm)
    throw new LaunchError(
      `npm did not bring pnpm ${PNPM_VERSION}. Clear its cache (\`npm cache clean --force\`) and try again.`,
    );
  writeStamp(root, 'toolchain', { wanted: wanted(), node: found.node, pnpm: found.pnpm });
  return { node: found.node, pnpm: found.pnpm };
}

function wanted() {
  return `${NODE_VERSION} ${PNPM_VERSION}`;
}

/** @param {string | undefined} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = NODE_VERSION.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** @param {string} node */
async function versionOf(node) {
  try {
    const { stdout } = await promisify(execFile)(node, ['-p', 'process.versions.node']);
    return stdout.trim();
  } catch {
    return undefined;
  }
}
