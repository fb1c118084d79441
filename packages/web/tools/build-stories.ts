/** `node tools/build-stories.ts FOLDER`: writes stories/every.html, with all stories in it, into a folder. */
import path from 'node:path';
import { build } from 'vite';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder that the stories are written into.');
// React complains only there.
process.env.NODE_ENV = 'development';

const root = path.resolve(import.meta.dirname, '..');
await build({
  root,
  logLevel: 'error',
  configFile: path.join(root, 'vite.config.ts'),
  build: {
    outDir: path.resolve(folder),
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: { input: path.join(root, 'stories/every.html') },
  },
});
