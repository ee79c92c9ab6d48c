import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureMade } from './made.ts';
import { root } from './node.mjs';
import { runQuietly } from './run-quietly.ts';

const SOURCE = 'web/package';
const PRODUCT = 'dist/editor';
const TYPES = ['index.d.ts', 'element.d.ts', 'jsx.d.ts', 'libraries.d.ts', 'react.d.ts', 'transport.d.ts'];

/** Builds the package for browsers, `@inkwire/editor`, into `dist/editor`: what can be packed as it lies there, and what the root package exports too. */
export async function buildEditor(): Promise<void> {
  await ensureMade({
    name: 'editor-build',
    label: 'building the editor package',
    sources: ['web', 'document', 'protocol', 'vite.config.ts', 'LICENSE', 'package.json', 'package-lock.json', 'launch/editor-build.ts'],
    product: `${PRODUCT}/package.json`,
    make: async () => {
      rmSync(join(root, PRODUCT), { recursive: true, force: true });
      const vite = join(root, 'node_modules/vite/bin/vite.js');
      await runQuietly('vite build', [vite, 'build', '--config', `${SOURCE}/vite.config.ts`, '--logLevel', 'warn'], root);
      for (const file of TYPES) writeFileSync(join(root, PRODUCT, file), published(readFileSync(join(root, SOURCE, file), 'utf8')));
      copyFileSync(join(root, SOURCE, 'README.md'), join(root, PRODUCT, 'README.md'));
      copyFileSync(join(root, 'LICENSE'), join(root, PRODUCT, 'LICENSE'));
      const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      writeFileSync(join(root, PRODUCT, 'package.json'), `${JSON.stringify(manifest(version, license), null, 2)}\n`);
    },
  });
}

/** Declarations as applications read them: a module is named by the file that runs, and our linter's notes are left out. */
function published(declarations: string): string {
  return declarations.replaceAll(/(from '\.\/[\w-]+)\.d\.ts'/g, "$1.js'").replaceAll(/^\s*\/\/ biome-ignore .*\n/gm, '');
}

/** The package.json of `@inkwire/editor`. Its version is that of the server it is made for. */
function manifest(version: string, license: string) {
  return {
    name: '@inkwire/editor',
    version,
    description: 'The editor of Inkwire for web pages: one element, its types, and a React component.',
    license,
    type: 'module',
    exports: EDITOR_EXPORTS,
    // A component that is imported and not used is left out, and the element with it.
    sideEffects: ['./editor.js', './assets/*.js'],
    peerDependencies: FRAMEWORKS,
    peerDependenciesMeta: Object.fromEntries(Object.keys(FRAMEWORKS).map((name) => [name, { optional: true }])),
    publishConfig: { access: 'public' },
  };
}

/** Where there is no page to put an element on, the element's module is not even read. The first condition that holds is taken. */
export const EDITOR_EXPORTS = {
  '.': {
    types: './index.d.ts',
    'react-server': './no-page.js',
    browser: './editor.js',
    node: './no-page.js',
    worker: './no-page.js',
    workerd: './no-page.js',
    'edge-light': './no-page.js',
    default: './editor.js',
  },
  './react': { types: './react.d.ts', default: './react.js' },
  // For providers of one's own, in a page or in Node.
  './transport': { types: './transport.d.ts', default: './transport.js' },
  './package.json': './package.json',
} as const;

/** Whose types `jsx.d.ts` adds to; none of them has to be there. */
export const FRAMEWORKS = { preact: '>=10', react: '>=18', 'solid-js': '>=1.8', svelte: '>=5', vue: '>=3.4' } as const;
