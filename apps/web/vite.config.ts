import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds a node; the built site is served by the node itself, at the same origin. */
const node = process.env['NEURODATA_URL'] ?? 'http://localhost:4000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  worker: { format: 'es' },
  build: {
    target: ['chrome123', 'firefox128', 'safari18'],
    sourcemap: false,
    // The content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // Our packages do nothing on import, so that a page that only reads the API carries no chain code.
      treeshake: { moduleSideEffects: [{ test: /[\\/]packages[\\/](sdk|protocol|sealing|storage|engine)[\\/]/, sideEffects: false }] },
    },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/rpc', '/ipfs', '/readyz'].map((path) => [path, { target: node, changeOrigin: true }])),
  },
});
