import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../launch/node.mjs';
import { npm } from '../../launch/npm.mjs';

/** Builds what is published, and packs `@inkwire/editor` into a folder. Returns the tarball. */
export async function packEditor(folder: string): Promise<string> {
  const build = spawnSync(process.execPath, [join(root, 'launch/run.mjs'), 'build'], { encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stderr);
  mkdirSync(folder, { recursive: true });
  await npm(join(root, 'dist/editor'), ['pack', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  return join(folder, tarball);
}
