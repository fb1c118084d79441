import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import type { JsonObject } from '@signalbox/core/json';

/** The version in the package that a module belongs to; 0.0.0 where there is none. */
export async function versionOf(url: string): Promise<string> {
  const manifest = manifestOf(url);
  if (manifest === undefined) return '0.0.0';
  const { version }: JsonObject = JSON.parse(await readFile(manifest, 'utf8'));
  return typeof version === 'string' ? version : '0.0.0';
}

/** The path of the package.json that a module belongs to. */
export function manifestOf(url: string): string | undefined {
  const manifest = findPackageJSON(url);
  // Where there is none it gives back what it was asked about.
  return manifest !== undefined && path.basename(manifest) === 'package.json' ? manifest : undefined;
}
