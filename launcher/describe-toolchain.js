/** Run by npx with the packages it brought in front of PATH: says where they are. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const folders = (process.env.PATH ?? '').split(path.delimiter);
const pnpm = folders.map((folder) => path.join(folder, 'pnpm')).find((file) => existsSync(file));
console.log(JSON.stringify({ node: process.execPath, version: process.versions.node, pnpm: pnpm ?? null }));
