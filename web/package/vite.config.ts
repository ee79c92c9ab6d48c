import { defineConfig, type Plugin } from 'vite';
import { ELEMENT_OUTPUT, katexFonts, linkifyLater } from '../../vite.config.ts';

const HERE = new URL('./', import.meta.url).pathname;
const OUT = new URL('../../dist/editor/', import.meta.url).pathname;

/** The React component fetches the element's module, which is another build: it lies beside it. */
const elementBeside: Plugin = {
  name: 'element-beside',
  enforce: 'pre',
  resolveId: (id) => (id === './editor.ts' ? { id: './editor.js', external: true } : null),
};

/**
 * The package `@inkwire/editor`: what applications bundle, where `dist/web/inkwire.js` is what a server hands out. The element is one
 * module, and what it fetches late lies beside it under addresses that a browser resolves as well as a bundler does.
 */
export default defineConfig({
  root: HERE,
  base: './',
  publicDir: false,
  plugins: [katexFonts, linkifyLater, elementBeside],
  build: { outDir: OUT, emptyOutDir: false, target: 'es2023' },
  environments: {
    client: {
      build: {
        license: { fileName: 'THIRD-PARTY-LICENSES.md' },
        lib: { entry: { editor: `${HERE}editor.ts` }, formats: ['es'] },
        rolldownOptions: { preserveEntrySignatures: 'allow-extension', output: ELEMENT_OUTPUT },
      },
    },
    components: {
      consumer: 'client',
      build: {
        lib: {
          entry: { react: `${HERE}react-editor.ts`, 'no-page': `${HERE}no-page.ts`, transport: `${HERE}../transport/http-socket.ts` },
          formats: ['es'],
        },
        rolldownOptions: {
          external: ['react'],
          // Without it a server that renders React takes the component for one of its own.
          output: { ...ELEMENT_OUTPUT, banner: (chunk) => (chunk.name === 'react' ? "'use client';" : '') },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      await builder.build(builder.environments.client!);
      await builder.build(builder.environments.components!);
    },
  },
});
