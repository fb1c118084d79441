/** What the world gets is not what this workspace runs from: JavaScript with type declarations instead of TypeScript. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const folder = fileURLToPath(new URL('..', import.meta.url));
const compiler = path.join(folder, '../../node_modules/typescript/bin/tsc');

/**
 * Compiles the sources.
 * @param {string} target
 */
export function compile(target) {
  rmSync(target, { recursive: true, force: true });
  execFileSync(process.execPath, [compiler, '--project', 'tsconfig.build.json', '--outDir', target], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** The manifest as it is published: pnpm lets publishConfig overrule the rest, npm does not. */
export function publishedManifest() {
  const {
    publishConfig,
    scripts: _ours,
    ...manifest
  } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { access, ...overruling } = publishConfig;
  return `${JSON.stringify({ ...manifest, ...overruling, publishConfig: { access } }, undefined, 2)}\n`;
}

/**
 * The whole package in a folder of its own.
 * @param {string} target
 */
export function writePackage(target) {
  mkdirSync(target, { recursive: true });
  compile(path.join(target, 'dist'));
  writeFileSync(path.join(target, 'package.json'), publishedManifest());
  for (const file of ['README.md', 'LICENSE']) cpSync(path.join(folder, file), path.join(target, file));
}

/**
 * Packs it into a tarball; returns its path.
 * @param {string} destination
 */
export function pack(destination) {
  const stage = path.join(destination, '.package');
  writePackage(stage);
  const written = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  rmSync(stage, { recursive: true });
  const [{ filename }] = JSON.parse(written);
  return path.join(destination, filename);
}
