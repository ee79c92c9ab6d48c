import { valueImports } from './boundaries.ts';
import { isTest, type SourceTree } from './source-tree.ts';

/** Imports that bring a Postgres up, a server that brings one up, or a Redis, which takes its time as well. */
const STARTS_POSTGRES =
  /^(persistence\/(embedded\/embedded-postgres|testing|testing\/system-postgres)|server\/app|e2e\/server-process|bench\/servers\/redis-server)\.ts$/;
/** Imports that open a browser. */
const OPENS_BROWSER = /^(launch\/browser|e2e\/browser\/firefox)\.ts$/;

export type Need = 'browser' | 'pg';

/** What the name of a test file says it needs beside Node, as `launch/test.ts` reads it. A browser needs a server, and that a Postgres. */
export function namedNeed(path: string): Need | null {
  return (/\.(browser|pg)\.test\.ts$/.exec(path)?.[1] as Need | undefined) ?? null;
}

/** What a test file imports, straight or through other files of the tests. What runs is not looked into: importing it starts nothing. */
function reached(tree: SourceTree, path: string, seen = new Set<string>()): Set<string> {
  for (const target of valueImports(tree, tree.get(path)!)) {
    if (seen.has(target)) continue;
    seen.add(target);
    if (isTest(target)) reached(tree, target, seen);
  }
  return seen;
}

/** Test files whose name hides what they need, or says a need that they do not have. */
export function misnamedTests(tree: SourceTree): string[] {
  const tests = [...tree.keys()].filter((path) => path.endsWith('.test.ts'));
  return tests.flatMap((path) => {
    const files = [...reached(tree, path)];
    const [named, need] = [namedNeed(path), needOf(files)];
    // A program that a test starts may need a Postgres, which no import tells.
    const startsPrograms = tree.get(path)!.imports.some(({ specifier }) => specifier === 'node:child_process');
    if (named === need || (named === 'pg' && need === null && startsPrograms)) return [];
    const right = path.replace(/(\.(browser|pg))?\.test\.ts$/, `${need === null ? '' : `.${need}`}.test.ts`);
    return [`${path} needs ${WORDS[need ?? 'nothing']}; its name is ${right}`];
  });
}

const WORDS = { browser: 'a browser', pg: 'a Postgres', nothing: 'neither a Postgres nor a browser' };

function needOf(files: readonly string[]): Need | null {
  if (files.some((file) => OPENS_BROWSER.test(file))) return 'browser';
  return files.some((file) => STARTS_POSTGRES.test(file)) ? 'pg' : null;
}
