import { readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const api = process.env.SIGNALBOX_API_URL ?? 'http://127.0.0.1:4000';

/** The server that serves the build finds the list of its operations beside it. */
const operationList: Plugin = {
  name: 'operation-list',
  generateBundle() {
    const source = readFileSync(path.join(import.meta.dirname, 'src/generated/operations.json'));
    this.emitFile({ type: 'asset', fileName: 'operations.json', source });
  },
};

export default defineConfig({
  plugins: [react(), operationList],
  resolve: {
    alias: {
      // The form library's index brings a helper for tests along, which wants a validator that compiles code. The
      // Content-Security-Policy forbids that: ours stands in.
      '@rjsf/validator-ajv8': path.join(import.meta.dirname, 'src/form/library-validator.ts'),
    },
  },
  build: {
    target: 'es2023',
    // The Content-Security-Policy allows files of our own and no data: fonts or scripts.
    assetsInlineLimit: 0,
    // What every page needs comes as two files. Left alone it would be some sixty, each shared by other pages: a request,
    // a compilation and a dictionary of its own for each.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, tags: ['$initial'], priority: 2 },
            { name: 'first', tags: ['$initial'], priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    // The API answers requests of its own origin only, and this server is another one.
    proxy: {
      '/graphql': { target: api, ws: true, changeOrigin: true, headers: { origin: api } },
      '/auth': { target: api, changeOrigin: true, headers: { origin: api } },
      '/healthz': { target: api, changeOrigin: true },
      '/artifacts': { target: api, changeOrigin: true },
      '/logs': { target: api, changeOrigin: true },
    },
  },
});
