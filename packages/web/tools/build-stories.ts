import path from 'node:path';
import { build } from 'vite';

/** Writes stories/every.html, with all stories in it, into a folder. */
export async function buildStories(folder: string): Promise<void> {
  const root = path.resolve(import.meta.dirname, '..');
  await build({
    root,
    logLevel: 'error',
    configFile: path.join(root, 'vite.config.ts'),
    build: {
      outDir: folder,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { input: path.join(root, 'stories/every.html') },
    },
  });
}
