/** `npm run pack:sdk [folder]`: the SDK as a tarball that anybody can install. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pack } from './published-package.js';

const destination = path.resolve(process.env.INIT_CWD ?? process.cwd(), process.argv[2] ?? '.');
mkdirSync(destination, { recursive: true });
console.log(pack(destination));
