import { join } from 'node:path';
import { ensureMade } from './made.ts';
import { root } from './node.mjs';
import { runQuietly } from './run-quietly.ts';

/** Builds the web part into `dist/web` when it is missing or what it is made from has changed. */
export async function buildWeb(): Promise<void> {
  await ensureMade({
    name: 'web-build',
    label: 'building the web part',
    sources: ['web', 'document', 'protocol', 'vite.config.ts', 'package-lock.json'],
    product: 'dist/web/index.html',
    make: () => runQuietly('vite build', [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], root),
  });
}
