import { isTest, type SourceTree } from './source-tree.ts';

/** Clocks, chance, network, processes, files and the page: what a pure file is handed instead. */
const IO = new Set([
  ...['process', 'fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'BroadcastChannel', 'Worker', 'require'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame', 'performance', 'console', 'Intl'],
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'sessionStorage', 'indexedDB', 'globalThis'],
  ...['Math.random', 'Date.now', 'new Date()', 'crypto.getRandomValues', 'crypto.randomUUID'],
]);

/** Uses of IO in the files for which `isPure` holds. */
export function impurities(tree: SourceTree, isPure: (path: string) => boolean): string[] {
  return [...tree.values()]
    .filter(({ path }) => isPure(path) && !isTest(path))
    .flatMap(({ path, imports, globals }) => [
      ...imports.filter(({ specifier }) => specifier.startsWith('node:')).map(({ specifier }) => `${path} imports ${specifier}`),
      ...[...globals].filter((use) => IO.has(use) || IO.has(use.split('.')[0]!)).map((use) => `${path} uses ${use}`),
    ]);
}

const ENTRY = /^server\/(main|cli)\.ts$|^launch\/|^bench\//;

/** Files other than the entry points that look at the environment, end the process or print. */
export function strayProcessUses(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path }) => !isTest(path) && !ENTRY.test(path))
    .flatMap(({ path, globals }) =>
      [...globals]
        .filter((use) => use === 'process.env' || use === 'process.exit' || use.startsWith('console.'))
        .map((use) => `${path} uses ${use}`),
    );
}

const MAX_LINES = 350;

/** Files that are too long, or whose name says nothing. */
export function misfits(tree: SourceTree): string[] {
  return [...tree.values()].flatMap(({ path, lines }) => [
    ...(lines > MAX_LINES ? [`${path} has ${lines} lines; ${MAX_LINES} is the most`] : []),
    ...(/(^|[/.-])(utils?|helpers?|common|misc)([/.-]|$)/.test(path) ? [`${path} is not named after what it is`] : []),
    ...(/^[a-z0-9./-]+$/.test(path) ? [] : [`${path} is not in kebab-case`]),
  ]);
}
