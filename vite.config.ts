import { defineConfig } from 'vite';

const ROOT = new URL('./web/', import.meta.url).pathname;
const OUT = new URL('./dist/web/', import.meta.url).pathname;

/**
 * Two builds into one folder, by one `vite build`: the app (`index.html` and its assets), and the
 * element, which other sites load too and so must be one module that shares no chunk with the app.
 */
export default defineConfig({
  root: ROOT,
  publicDir: 'public',
  build: { outDir: OUT, target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: true },
  environments: {
    client: {
      build: { emptyOutDir: true, rolldownOptions: { input: `${ROOT}index.html` } },
    },
    element: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        copyPublicDir: false,
        modulePreload: false,
        rolldownOptions: {
          input: { inkwire: `${ROOT}element/define.ts` },
          preserveEntrySignatures: 'allow-extension',
          output: { entryFileNames: '[name].js' },
        },
      },
    },
  },
  experimental: {
    // The element's chunks and fonts lie beside it, wherever the page that loads it comes from.
    renderBuiltUrl: (filename, { hostType }) => (hostType === 'js' ? { relative: true } : `/${filename}`),
  },
  builder: {
    async buildApp(builder) {
      await builder.build(builder.environments.client!);
      await builder.build(builder.environments.element!);
    },
  },
});
