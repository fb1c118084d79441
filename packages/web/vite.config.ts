import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.SIGNALBOX_API_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // The Content-Security-Policy allows files of our own and no data: fonts or scripts.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '/graphql': { target: api, ws: true },
      '/healthz': api,
      '/artifacts': api,
    },
  },
});
