import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedSource, parseSource } from './parsed-source.ts';

/** A source file of the project, or one that a test makes up. */
export interface SourceFile extends ParsedSource {
  /** From the root folder, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly text: string;
}

/** The rules read nothing but this. */
export type SourceTree = ReadonlyMap<string, SourceFile>;

const FOLDERS = ['document', 'protocol', 'persistence', 'server', 'web', 'e2e', 'bench', 'launch'];

/** A tree of made-up files: path → text. */
export function treeOf(texts: Readonly<Record<string, string>>): SourceTree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, sourceFile(path, text)]));
}

/** Every source file below a folder that holds the project. */
export function readTree(root: string): SourceTree {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  );
  const sources = paths.filter((path) => /\.(ts|mjs|css)$/.test(path) && !/(^|\/)(node_modules|images)\//.test(path));
  return new Map(sources.map((path) => [path, sourceFile(path, readFileSync(join(root, path), 'utf8'))]));
}

function sourceFile(path: string, text: string): SourceFile {
  const parsed = path.endsWith('.css') ? { imports: [], globals: new Set<string>(), titles: [] } : parseSource(path, text);
  return { ...parsed, path, text, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) };
}

/** Whether it belongs to the tests rather than to what runs. */
export function isTest(path: string): boolean {
  return /\.(test|soak)\.ts$/.test(path) || path.startsWith('e2e/') || /(^|\/)testing(\.ts$|\/)/.test(path);
}
