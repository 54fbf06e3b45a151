import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import path from 'node:path';
import { type Plugin, defineConfig } from 'vite';
import { languages } from './languages.ts';

/** Where `vite dev` finds a node; the built site is served by the node itself, at the same origin. */
const node = process.env['NEURODATA_URL'] ?? 'http://localhost:4000';

/** The text's font is asked for with the page, not first when the styles name it. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) => Object.keys(bundle ?? {}).filter((name) => /inter-latin-wght-normal[^/]*\.woff2$/.test(name))
      .map((name) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `./${name}` }, injectTo: 'head-prepend' as const })),
  },
};

/** zod gives every schema a way to become JSON Schema, 5 kB of it; the site makes none. */
const withoutJsonSchema: Plugin = {
  name: 'without-json-schema',
  enforce: 'pre',
  transform: (code, id) => (/[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/.test(id)
    ? code.replace(/^import \* as processors from .*$/m, 'import { aggregateChecks } from "../core/json-schema-processors.js"; const processors = { aggregateChecks };')
      .replace(/^import \{ createStandardJSONSchemaMethod, createToJSONSchemaMethod \} from .*$/m, 'const createStandardJSONSchemaMethod = () => undefined, createToJSONSchemaMethod = () => undefined;')
    : undefined),
};

export default defineConfig({
  root: import.meta.dirname,
  // Files find each other wherever they lie; what the page itself names is fitted to where it is served (`buildSite`, `writeStaticSite`).
  base: './',
  plugins: [languages(), react(), tailwindcss(), preloadFont, withoutJsonSchema],
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
      input: { index: path.join(import.meta.dirname, 'index.html'), serviceWorker: path.join(import.meta.dirname, 'src/serviceWorker.ts') },
      // What a service worker rules is below its own address.
      output: {
        // What every page begins with is one file: a phone asks for few.
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], test: /^(?!.*serviceWorker)/, priority: 1 },
            // What most pages stand on besides, and the asset's page shares with others.
            { name: 'pages', test: /src[\\/](pages[\\/]NotFound|components[\\/](Layout|StatusMark|roundSentence|Tabs|useSeen|asset[\\/](OfferPanel|offers|meanText|judgementWords)|trust[\\/]ReportButton)|queries[\\/](mutations|orders|subscriptions|assets|curation)|croissant[\\/]names|spdx)\.tsx?$/ },
          ],
        },
        entryFileNames: ({ name }) => (name === 'serviceWorker' ? 'serviceWorker.js' : 'assets/[name]-[hash].js'),
      },
      // Our packages do nothing on import, so that a page that only reads the API carries no chain code.
      treeshake: { moduleSideEffects: [{ test: /[\\/]packages[\\/](sdk|protocol|sealing|storage|engine)[\\/]/, sideEffects: false }] },
    },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/rpc', '/ipfs', '/readyz'].map((path) => [path, { target: node, changeOrigin: true }])),
  },
});
