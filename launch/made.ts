import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.mjs';
import { alone, step } from './npm.mjs';
import { sourceHash } from './source-hash.ts';

/** Something that is made from sources and made again only when they change. */
export interface Made {
  /** Name of its stamp and its lock. */
  readonly name: string;
  /** Said while it is made. */
  readonly label: string;
  /** Files and folders it is made from, from the root folder. */
  readonly sources: readonly string[];
  /** A file that is there when it is. */
  readonly product: string;
  make(): Promise<void>;
}

/** Makes it when it is missing or its sources have changed; one process at a time does so. */
export async function ensureMade({ name, label, sources, product, make }: Made): Promise<void> {
  const stamp = join(root, '.cache', `${name}.sha256`);
  const isFresh = (hash: string) => existsSync(join(root, product)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isFresh(sourceHash(sources))) return;
  await alone(join(root, '.cache', `${name}.lock`), async () => {
    const hash = sourceHash(sources);
    if (isFresh(hash)) return;
    await step(label, make);
    writeFileSync(stamp, hash);
  });
}
