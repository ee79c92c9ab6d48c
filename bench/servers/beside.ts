import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError } from '../../launch/npm.mjs';
import { type Contestant, inkwireAt } from './contestants.ts';

/** Inkwire as another checkout of the project has it, for instance at an earlier commit, with its packages installed. */
export async function besideAt(folder: string): Promise<Contestant> {
  const path = resolve(folder);
  const installer = join(path, 'launch', 'install.ts');
  if (!existsSync(installer)) throw new SetupError(`There is no checkout of Inkwire at "${folder}".`);
  // Its own: which packages it needs, and how they are patched, is that commit's to say.
  const { install } = (await import(pathToFileURL(installer).href)) as typeof import('../../launch/install.ts');
  await install('');
  return { ...inkwireAt(path), id: 'beside', title: 'beside' };
}
