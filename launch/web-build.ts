import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './node.mjs';
import { alone, step } from './npm.mjs';
import { runQuietly } from './run-quietly.ts';

const SOURCES = ['web', 'document', 'protocol', 'vite.config.ts', 'package-lock.json'];
const stamp = join(root, '.cache', 'web-build.sha256');

/** Builds the web part into `dist/web` when it is missing or what it is made from has changed. */
export async function buildWeb(): Promise<void> {
  if (isBuilt(sourceHash())) return;
  await alone(join(root, '.cache', 'web-build.lock'), async () => {
    const hash = sourceHash();
    if (isBuilt(hash)) return;
    await step('building the web part', () =>
      runQuietly('vite build', [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], root),
    );
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(stamp, hash);
  });
}

function isBuilt(hash: string): boolean {
  return existsSync(join(root, 'dist/web/index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** By content, not by time: a checkout sets every file's time. */
function sourceHash(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    if (!existsSync(path)) continue;
    const files = source.includes('.') ? [path] : filesUnder(path);
    for (const file of files.sort()) hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name));
}
