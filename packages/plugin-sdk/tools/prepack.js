/** Before `npm pack` and `npm publish`: compiles, and puts the published manifest in place until that is done. */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, folder, publishedManifest } from './published-package.js';

compile(path.join(folder, 'dist'));
const published = publishedManifest();
renameSync(path.join(folder, 'package.json'), path.join(folder, 'package.workspace.json'));
writeFileSync(path.join(folder, 'package.json'), published);
