import * as Y from 'yjs';
import { META_ROOT } from '../title.ts';
import { readable } from '../updates/readable.ts';
import { readTyping } from '../updates/typing.ts';

/** The key in `meta` under which a document has the mark of the last edit over HTTP: so each leaves something under its client id, a deletion too. */
export const EDIT_KEY = 'edit';

/** What tells an edit from all others: its id, which the document has from then on, and the client id that it alone is written under. */
export interface EditMark {
  readonly id: string;
  readonly clientId: number;
}

/** Updates of a log: after one version up to another, of everybody or of one author (`null`: of guests). */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly author?: string | null;
}

/** What the mark of an edit says in the document. */
export interface MadeEdit {
  readonly id: string;
  /** The edit that it takes back. */
  readonly undoes?: string;
  /** The part of the log that it takes back. */
  readonly span?: Span;
}

/**
 * The edits that an update (format V1) holds the marks of. It does not say where an item belongs that follows another, so anything that looks
 * like a mark is taken for one: nobody refers to the id of what is none.
 */
export function editsMadeBy(update: Uint8Array): MadeEdit[] {
  const bytes = readable(update);
  if (readTyping(bytes) !== null) return [];
  return Y.decodeUpdate(bytes).structs.flatMap((struct) =>
    struct instanceof Y.Item && struct.content instanceof Y.ContentAny ? struct.content.getContent().flatMap(readMark) : [],
  );
}

/** All edits of which a document has a mark, one from which nothing that was deleted is gone. */
export function editsIn(document: Y.Doc): MadeEdit[] {
  const edits: MadeEdit[] = [];
  for (let item = document.getMap(META_ROOT)._map.get(EDIT_KEY) ?? null; item !== null; item = item.left) {
    if (item.content instanceof Y.ContentAny) for (const mark of item.content.getContent()) edits.push(...readMark(mark));
  }
  return edits;
}

/** Whether an edit is taken back, by one that is not taken back itself. */
export function isTakenBack(id: string, edits: readonly MadeEdit[], seen: ReadonlySet<string> = new Set([id])): boolean {
  return edits.some(({ id: by, undoes }) => undoes === id && !seen.has(by) && !isTakenBack(by, edits, new Set([...seen, by])));
}

/** Whether an update of a log is part of a span. */
export function isWithin({ from, to, author }: Span, update: { readonly seq: number; readonly author: string | null }): boolean {
  return update.seq > from && update.seq <= to && (author === undefined || author === update.author);
}

function readMark(mark: unknown): MadeEdit[] {
  if (typeof mark !== 'object' || mark === null || !('id' in mark)) return [];
  const { id, undoes, span } = mark as Record<string, unknown>;
  return [
    {
      id: String(id),
      ...(undoes === undefined ? {} : { undoes: String(undoes) }),
      ...(typeof span === 'object' && span !== null ? { span: span as Span } : {}),
    },
  ];
}
