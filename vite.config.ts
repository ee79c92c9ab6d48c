import { defineConfig, type Plugin } from 'vite';

const ROOT = new URL('./web/', import.meta.url).pathname;
const OUT = new URL('./dist/web/', import.meta.url).pathname;

/** KaTeX names each font in three formats, and every browser the element runs in reads the first; it stays a file, to be fetched with the first formula. */
export const katexFonts: Plugin = {
  name: 'katex-fonts',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('katex.min.css')) return null;
    return code.replaceAll(/,url\([^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, '').replaceAll('.woff2)', '.woff2?no-inline)');
  },
};

/** The link extension takes `linkifyjs` from the element, which fetches it later. */
export const linkifyLater: Plugin = {
  name: 'linkify-later',
  enforce: 'pre',
  resolveId: (id, importer) => (id === 'linkifyjs' && importer?.includes('extension-link') ? `${ROOT}element/content/linkify.ts` : null),
};

/**
 * How the element is built, as a library: Vite then leaves its own loader of chunks out. A library keeps its blanks unless
 * it is told otherwise.
 */
export const ELEMENT_OUTPUT = {
  minify: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'assets/[name]-[hash].js',
  assetFileNames: 'assets/[name]-[hash][extname]',
} as const;

/**
 * Two builds into one folder, by one `vite build`: the app (`index.html` and its assets, with
 * `problem.html` for what cannot be shown), and the element, which other sites load too and so must be
 * one module that shares no chunk with the app.
 */
export default defineConfig({
  root: ROOT,
  publicDir: 'public',
  plugins: [katexFonts, linkifyLater],
  build: { outDir: OUT, target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: true },
  environments: {
    client: {
      build: { emptyOutDir: true, rolldownOptions: { input: [`${ROOT}index.html`, `${ROOT}problem.html`] } },
    },
    element: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        copyPublicDir: false,
        lib: { entry: { inkwire: `${ROOT}element/define.ts` }, formats: ['es'] },
        rolldownOptions: { preserveEntrySignatures: 'allow-extension', output: ELEMENT_OUTPUT },
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
