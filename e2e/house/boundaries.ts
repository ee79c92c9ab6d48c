import { posix } from 'node:path';
import { isTest, type SourceFile, type SourceTree } from './source-tree.ts';

/** The files of the tree that a file imports. Packages and files that are not source are left out. */
function imported(tree: SourceTree, file: SourceFile): { target: string; typeOnly: boolean }[] {
  return file.imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, typeOnly }) => ({ target: posix.join(posix.dirname(file.path), specifier), typeOnly }))
    .filter(({ target }) => tree.has(target));
}

/** Each ring of files that import each other, once: "a → b → a". Type-only imports count: they tie two ideas just the same. */
export function cycles(tree: SourceTree): string[] {
  const found = new Map<string, string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const ring = trail.slice(at);
      found.set(ring.toSorted().join(), [...ring, path].join(' → '));
    } else if (!done.has(path)) {
      for (const { target } of imported(tree, tree.get(path)!)) visit(target, [...trail, path]);
      done.add(path);
    }
  };
  for (const path of tree.keys()) visit(path, []);
  return [...found.values()];
}

/** The files of server/ that put the others together; they may import any of them. */
const COMPOSITION = /^server\/(app|main|cli)\.ts$|^server\/commands\//;

/** Part of the house that a file belongs to: its folder, in server/ the subject; "server" for what stands beside the subjects. */
function partOf(path: string): string {
  const [folder = '', ...rest] = path.split('/');
  return folder === 'server' && rest.length > 1 ? `server/${rest[0]}` : folder;
}

/** Why a part may not import another, or `null` when it may. */
function refusal(from: string, to: string): string | null {
  if (from === to) return null;
  const shared = to === 'document' || to === 'protocol';
  if (from === 'document' || from === 'protocol') return shared ? null : 'document/ and protocol/ import only each other';
  if (shared) return null;
  if (from === 'persistence') return 'persistence/ imports only document/ and protocol/';
  if (from === 'web') return 'web/ imports only document/ and protocol/';
  if (from === 'launch') return 'launch/ stands before the project and imports none of it';
  if (from === 'bench') return null;
  if (to === 'server' || to === 'persistence') return null;
  if (to.startsWith('server/')) return 'a subject of the server imports no other; app.ts hands functions across';
  return 'only tests import this part';
}

/** Imports across a boundary of the house. */
export function trespasses(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path }) => !isTest(path))
    .flatMap((file) =>
      imported(tree, file).flatMap(({ target, typeOnly }) => {
        const why = trespass(file.path, target, typeOnly);
        return why === null ? [] : [`${file.path} imports ${target}: ${why}`];
      }),
    );
}

function trespass(from: string, to: string, typeOnly: boolean): string | null {
  if (isTest(to)) return 'what runs does not import tests';
  if (COMPOSITION.test(from) && /^(server|persistence)\//.test(to)) return null;
  if (COMPOSITION.test(to)) return 'only app.ts, main.ts, cli.ts and commands/ put the others together';
  const [part, other] = [partOf(from), partOf(to)];
  if (part.startsWith('server') && other === 'persistence' && !typeOnly)
    return 'a subject of the server knows persistence/ by its types only';
  return refusal(part, other);
}
