import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './node.mjs';
import { SetupError } from './npm.mjs';
import { budgetSeconds } from './test-budgets.ts';
import type { TestOptions } from './test-options.ts';

const FOLDERS = ['document', 'protocol', 'persistence', 'server', 'web', 'launch', 'bench', 'e2e'];

/** The test files that were asked for, from the root folder, in the order to run them. Throws a `SetupError` when there is none. */
export function testFiles({ words, fast, soak }: Pick<TestOptions, 'words' | 'fast' | 'soak'>): string[] {
  const ending = soak ? '.soak.ts' : '.test.ts';
  const all = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes('node_modules'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  const files = all.filter(
    (file) => !(fast && needsOf(file) !== null) && (words.length === 0 || words.some((word) => file.includes(word))),
  );
  if (files.length === 0)
    throw new SetupError(`No ${fast ? 'fast ' : ''}test file has ${words.map((word) => `"${word}"`).join(' or ')} in its path.`);
  return inOrder(files);
}

/** What the name of a test file says it needs beside Node; a browser needs a Postgres as well. */
export function needsOf(file: string): 'browser' | 'pg' | null {
  if (file.endsWith('.browser.test.ts')) return 'browser';
  return file.endsWith('.pg.test.ts') ? 'pg' : null;
}

/**
 * The fast ones first, by name: what is wrong in small is told before what is wrong in large. Then the
 * others by what they may take, longest first, so that the last to end is a short one.
 */
export function inOrder(files: readonly string[]): string[] {
  const fast = files.filter((file) => needsOf(file) === null).sort();
  const others = files.filter((file) => needsOf(file) !== null).sort();
  return [...fast, ...others.sort((a, b) => budgetSeconds(b) - budgetSeconds(a))];
}
