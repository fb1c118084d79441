import { renameSync } from 'node:fs';
import path from 'node:path';
import { folder } from './published-package.js';

renameSync(path.join(folder, 'package.workspace.json'), path.join(folder, 'package.json'));
