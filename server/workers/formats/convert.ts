import * as Y from 'yjs';
import { withAssetAddresses } from '../../../document/asset-addresses.ts';
import { type ContentNode, collectWarnings } from '../../../document/content.ts';
import { exportFormats, findFormat, importFormats, listFormats } from '../../../document/formats/format.ts';
import { replaceContent } from '../../../document/live.ts';
import { CONTENT_ROOT, readContent } from '../../../document/read.ts';
import { foreignRoots, plainRoot, rootsOf } from '../../../document/roots.ts';
import { decideSuggestions } from '../../../document/suggestions.ts';
import { readTitle, writeTitle } from '../../../document/title.ts';
import { documentOf } from '../../../document/updates/document-of.ts';
import { readable } from '../../../document/updates/readable.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import type { Exported, ExportedAs, Imported, Into } from '../../ports/conversions.ts';
import type { DifferenceOfVersions } from '../../ports/history.ts';
import type { ChangedBy } from '../files/converter.ts';
import { ownPictures, pictureFinder } from '../files/pictures.ts';
import { EXPORTS, type Exporter, IMPORTS, type Importer } from './table.ts';
import { takePictures } from './taken-pictures.ts';

/** The code that writes a format. Throws `unknown-format`. */
export function exporterOf(format: string): Exporter {
  const name = findFormat(format)?.name;
  if (name !== undefined && Object.hasOwn(EXPORTS, name)) return EXPORTS[name as keyof typeof EXPORTS];
  throw new InkwireError('unknown-format', `"${format}" cannot be exported; ${listFormats(exportFormats)} can.`);
}

/** The code that reads a format. Throws `unknown-format`. */
export function importerOf(format: string): Importer {
  const name = findFormat(format)?.name;
  if (name !== undefined && Object.hasOwn(IMPORTS, name)) return IMPORTS[name as keyof typeof IMPORTS];
  throw new InkwireError('unknown-format', `"${format}" cannot be imported; ${listFormats(importFormats)} can.`);
}

/** The updates (format V1) of a document as a file of the format. Throws `unknown-format`, `content-too-complex`. */
export async function exportDocument(
  format: string,
  updates: readonly Uint8Array[],
  title: string,
  as: ExportedAs = {},
): Promise<Exported> {
  const { addresses, root = CONTENT_ROOT, suggestions = 'keep', pictures } = as;
  const { warn, warnings } = collectWarnings();
  if (root !== CONTENT_ROOT) {
    const plain = await withinTheStack(() => exportRoot(format, documentOf(updates), root));
    if (plain !== null) return { body: new TextEncoder().encode(plain), warnings, otherRoots: [] };
  }
  const exporter = exporterOf(format);
  let otherRoots: readonly string[] = [];
  const difference = as.difference === undefined ? null : (JSON.parse(new TextDecoder().decode(as.difference)) as DifferenceOfVersions);
  const addressed = (content: ContentNode) => (addresses === undefined ? content : withAssetAddresses(content, addresses));
  const content = () => {
    if (difference !== null) return addressed(difference.content ?? { type: 'doc' });
    const document = documentOf(updates);
    const content = readContent(document, warn, root);
    if ((content.content ?? []).length === 0) otherRoots = foreignRoots(document).map(({ name }) => name);
    return addressed(decideSuggestions(content, suggestions));
  };
  const documentName = addresses?.documentName ?? '';
  if (exporter.holdsPictures === true && pictures === undefined) {
    const wanted = await withinTheStack(() => ownPictures(content(), documentName));
    if (wanted.length > 0) return { body: new Uint8Array(), warnings: [], otherRoots: [], wanted };
  }
  const picture = pictureFinder(documentName, pictures ?? new Map());
  const state = () => (updates.length === 1 ? readable(updates[0]!) : Y.encodeStateAsUpdate(documentOf(updates)));
  const write = await exporter.load();
  const body = await withinTheStack(() =>
    write({ state, title, content, picture, as, ...(difference === null ? {} : { changedBy: changedBy(difference) }) }, warn),
  );
  if (otherRoots.length > 0)
    warn(`What there is lies in other roots: ${otherRoots.map((name) => `"${name}"`).join(', ')}. One is exported with root=.`);
  return { body, warnings, otherRoots };
}

/** Of a difference, by its contributions. */
function changedBy({ contributions }: DifferenceOfVersions): ChangedBy {
  return (id) => {
    const { author, name, lastAt } = contributions[Number(id)] ?? { author: null, name: null, lastAt: new Date(0).toISOString() };
    return { author: name ?? author ?? 'Guest', date: lastAt };
  };
}

/** A root of an application in a format that can hold it as it is; `null` for one that our converters read. Throws `bad-request`. */
function exportRoot(format: string, document: Y.Doc, name: string): string | null {
  const roots = rootsOf(document);
  const root = roots.find((one) => one.name === name);
  if (root === undefined) {
    const known = roots.map((one) => `"${one.name}" (${one.kind})`).join(', ');
    throw new InkwireError('bad-request', `There is no root "${name}" in this document. It has ${known === '' ? 'none' : known}.`);
  }
  if (format === 'yjs') throw new InkwireError('bad-request', 'A Yjs state is the whole document; leave root out.');
  if (root.kind === 'fragment') return null;
  if (format === 'json') return `${JSON.stringify(plainRoot(document, root))}\n`;
  if (root.kind === 'text') return format === 'text' ? document.getText(name).toString() : null;
  throw new InkwireError('bad-request', `The root "${name}" is ${root.kind === 'map' ? 'a map' : 'an array'}, which only JSON can hold.`);
}

/** A file as what writes it into a document. Throws `unknown-format`, `bad-content`, `content-too-complex`. */
export async function importDocument(format: string, file: Uint8Array, into: Into): Promise<Imported> {
  const { warn, warnings } = collectWarnings();
  const read = await importerOf(format).load();
  return withinTheStack(async () => {
    const { content: whole, title: own } = await read(file, warn);
    const { content, pictures } = into.pictures === undefined ? { content: whole, pictures: [] } : takePictures(whole, into.pictures, warn);
    const title = 'title' in into ? (into.title ?? own ?? '') : '';
    const document = documentOf('state' in into ? into.state : []);
    let update: Uint8Array | null = null;
    document.on('update', (written: Uint8Array) => {
      update = written;
    });
    document.transact(() => {
      replaceContent(document, content);
      if (title !== '') writeTitle(document, title);
    });
    return { update, clientId: document.clientID, title: title === '' ? '' : readTitle(document), warnings, pictures };
  });
}

/** A library that recurses ends a deep document with a `RangeError`, one that joins a huge string likewise. */
export async function withinTheStack<T>(convert: () => T | Promise<T>): Promise<T> {
  try {
    return await convert();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const detail = /call stack/i.test(error.message) ? 'The content is nested too deeply.' : 'The content is too large.';
    throw new InkwireError('content-too-complex', detail, { cause: error });
  }
}
