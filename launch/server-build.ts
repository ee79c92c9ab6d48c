import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureMade } from './made.ts';
import { root } from './node.mjs';
import { runQuietly } from './run-quietly.ts';

const FOLDERS = ['document', 'protocol', 'persistence', 'server'];

/** Builds what the package holds beside the web part: the server as JavaScript with its types, in `dist`. */
export async function buildServer(): Promise<void> {
  await ensureMade({
    name: 'server-build',
    label: 'building the server',
    sources: [...FOLDERS, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    product: 'dist/server/app.js',
    make: async () => {
      for (const folder of FOLDERS) rmSync(join(root, 'dist', folder), { recursive: true, force: true });
      await runQuietly('tsc', [join(root, 'e2e/node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], root);
      for (const folder of FOLDERS) finish(folder);
    },
  });
}

/** What the compiler leaves undone: files that are not source, and addresses of modules that are not imports. */
function finish(folder: string): void {
  cpSync(join(root, folder), join(root, 'dist', folder), { recursive: true, filter: (path) => !/\.[cm]?ts$/.test(path) });
  for (const entry of readdirSync(join(root, 'dist', folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.js')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    const finished = text.replaceAll(/(new URL\(['"]\.[^'"]*)\.ts(['"], import\.meta\.url\))/g, '$1.js$2');
    if (finished !== text) writeFileSync(path, finished);
  }
}
