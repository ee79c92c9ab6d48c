import { posix } from 'node:path';
import { isTest, type SourceFile, type SourceTree } from './source-tree.ts';

/** The files of the tree that a file imports. Packages and files that are not source are left out. */
function imported(tree: SourceTree, file: SourceFile): { target: string; typeOnly: boolean }[] {
  return file.imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, typeOnly }) => ({ target: posix.join(posix.dirname(file.path), specifier), typeOnly }))
    .filter(({ target }) => tree.has(target));
}

/** The files of the tree that a file needs at run time. */
export function valueImports(tree: SourceTree, file: SourceFile): string[] {
  return imported(tree, file).flatMap(({ target, typeOnly }) => (typeOnly ? [] : [target]));
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

/**
 * Each ring of folders whose files import each other's, once: "a → b → a", with an import of each step. A folder then is
 * neither above nor below another, though no file is in a ring.
 */
export function folderCycles(tree: SourceTree): string[] {
  const steps = new Map<string, Map<string, string>>();
  for (const file of tree.values()) {
    if (isTest(file.path)) continue;
    for (const { target } of imported(tree, file)) {
      const [from, to] = [floorOf(file.path), floorOf(target)];
      if (from === to || isTest(target)) continue;
      const known = steps.get(from) ?? new Map<string, string>();
      known.set(to, known.get(to) ?? `${file.path} imports ${target}`);
      steps.set(from, known);
    }
  }
  const found = new Map<string, string>();
  const done = new Set<string>();
  const visit = (folder: string, trail: readonly string[]): void => {
    const at = trail.indexOf(folder);
    if (at >= 0) {
      const ring = [...trail.slice(at), folder];
      const imports = ring.slice(1).map((to, index) => steps.get(ring[index]!)?.get(to));
      found.set(ring.slice(1).toSorted().join(), `${ring.join(' → ')} (${imports.join('; ')})`);
    } else if (!done.has(folder)) {
      for (const to of steps.get(folder)?.keys() ?? []) visit(to, [...trail, folder]);
      done.add(folder);
    }
  };
  for (const folder of steps.keys()) visit(folder, []);
  return [...found.values()];
}

/** Where Hocuspocus comes in. */
const DOOR = 'server/sync/hocuspocus/';

/**
 * Imports of Hocuspocus' server past its one door, and casts that bend a type by way of `unknown` in the rest of
 * the live path. The composition root may name its types.
 */
export function pastTheDoor(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path }) => !isTest(path) && !path.startsWith(DOOR) && !path.startsWith('bench/'))
    .flatMap(({ path, imports, text }) => [
      ...imports
        .filter(({ specifier, typeOnly }) => specifier === '@hocuspocus/server' && !(typeOnly && COMPOSITION.test(path)))
        .map(() => `${path} imports @hocuspocus/server: only ${DOOR} does`),
      ...(path.startsWith('server/sync/') && text.includes('as unknown as') ? [`${path} casts by way of unknown: only ${DOOR} does`] : []),
    ]);
}

/** What reads and writes the bytes of frames; a member's codec is how others come to it. */
const FRAMING = /(^|\/)(client-frames|server-frames)\.ts$/;

/** Numbers of one protocol, and the codecs: who opens links chooses, and the rest of the server knows none. */
const WIRE = /\/protocol\/(frames|codec|y-websocket)\.ts$/;

/** The codecs, and the one file beside those that put the server together that chooses one, by the address of a link. */
const CODECS = /^protocol\/(codec|y-websocket)\.ts$/;
const DIALECT = 'server/sync/dialect.ts';

/** Imports of a protocol's frames past the codec. Extensions are told Hocuspocus' numbers for the kinds of sync. */
export function pastTheCodec(tree: SourceTree): string[] {
  return [...tree.values()]
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, typeOnly }) => !typeOnly && (isFraming(path, specifier) || isWire(path, specifier)))
        .map(({ specifier }) => `${path} imports ${specifier}: a member's codec reads and writes frames`),
    );
}

function isFraming(path: string, specifier: string): boolean {
  return FRAMING.test(specifier) && !CODECS.test(path);
}

function isWire(path: string, specifier: string): boolean {
  if (!path.startsWith('server/') || !WIRE.test(specifier)) return false;
  return specifier.endsWith('frames.ts') ? !path.startsWith(DOOR) : !COMPOSITION.test(path) && path !== DIALECT;
}

/** The folder of a file. What puts the server together stands above the files beside it, such as its options. */
function floorOf(path: string): string {
  return COMPOSITION.test(path) ? 'composition' : posix.dirname(path);
}

/** The files of server/ that put the others together; they may import any of them. */
const COMPOSITION = /^server\/(app|links|main|cli|stores|storage-worker|history-worker)\.ts$|^server\/commands\//;

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
  if (to === 'server/ports') return null;
  // The arithmetic of limits is pure, and the edge is where they are held.
  if (from === 'server/edge' && to === 'server/limits') return null;
  if (from === 'server/ports')
    return to === 'persistence' ? null : 'server/ports/ imports only document/, protocol/ and the types of persistence/';
  if (to === 'server' || to === 'persistence') return null;
  if (to.startsWith('server/')) return 'a subject of the server imports no other; it names what it is handed by server/ports/';
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
  if (COMPOSITION.test(to))
    return 'only app.ts, stores.ts, main.ts, cli.ts, the two workers beside them and commands/ put the others together';
  const [part, other] = [partOf(from), partOf(to)];
  if (part.startsWith('server') && other === 'persistence' && !typeOnly)
    return 'a subject of the server knows persistence/ by its types only';
  return refusal(part, other);
}
