import type { Append, DocumentHandle } from './document-store.ts';
import { foldCase, storableText, textArray } from './postgres-text.ts';

/** A batch as the columns that `inkwire.append_updates` takes, arrays as Postgres array literals. */
export interface AppendColumns {
  readonly ids: string;
  readonly names: string;
  readonly searchTexts: string;
  readonly epochs: string;
  readonly counts: string;
  readonly sizes: string;
  readonly lastAuthors: string;
  readonly documents: string;
  readonly nths: string;
  readonly authors: string;
  readonly authorNames: string;
  readonly offsets: string;
  readonly lengths: string;
  readonly bytes: Uint8Array;
  readonly claimDocuments: string;
  readonly claimedIds: string;
  readonly claimSubs: string;
}

/** Claims that go out with a batch: the client ids that a handle had claimed when it was made. */
interface Claims {
  readonly handle: DocumentHandle;
  readonly document: BatchDocument;
  readonly owners: readonly (readonly [clientId: number, sub: string])[];
}

/** A row that `inkwire.append_updates` returns. */
export interface AppendedRow {
  /** 1-based place of the document among those of the batch. */
  readonly place: number;
  readonly document_id: string;
  readonly document_head: string;
}

interface BatchDocument {
  readonly place: number;
  readonly handles: DocumentHandle[];
  count: number;
  size: number;
  lastAuthor: number | null;
}

/** A batch of appends, grouped by document. Arrays of plain numbers and one run of bytes are what Postgres parses cheapest. */
export class AppendBatch {
  readonly columns: AppendColumns;
  readonly #entries: readonly Append[];
  readonly #documents: BatchDocument[] = [];
  readonly #byName = new Map<string, BatchDocument>();
  /** Each entry's document, and its 1-based place among that document's entries. */
  readonly #places: BatchDocument[];
  readonly #nths: number[];
  readonly #claims: Claims[] = [];

  constructor(entries: readonly Append[]) {
    this.#entries = entries;
    this.#places = new Array(entries.length);
    this.#nths = new Array(entries.length);
    this.columns = this.#fill();
  }

  #fill(): AppendColumns {
    const entries = this.#entries;
    const byHandle = new Map<DocumentHandle, BatchDocument>();
    const authorPlaces = new Map<string, number>();
    const authors: (number | null)[] = new Array(entries.length);
    const offsets: number[] = new Array(entries.length);
    const lengths: number[] = new Array(entries.length);
    let size = 0;
    for (const [index, { handle, update, author }] of entries.entries()) {
      let document = byHandle.get(handle);
      if (document === undefined) {
        document = this.#documentOf(handle);
        byHandle.set(handle, document);
      }
      let authorPlace: number | null = null;
      if (author !== null) {
        authorPlace = authorPlaces.get(author) ?? authorPlaces.size + 1;
        authorPlaces.set(author, authorPlace);
      }
      document.count += 1;
      document.size += update.length;
      document.lastAuthor = authorPlace;
      this.#places[index] = document;
      this.#nths[index] = document.count;
      authors[index] = authorPlace;
      offsets[index] = size;
      lengths[index] = update.length;
      size += update.length;
    }
    const bytes = new Uint8Array(size);
    for (const [index, { update }] of entries.entries()) bytes.set(update, offsets[index]);

    const handles = this.#documents.map(
      ({ handles: [first, ...others] }) => others.find(({ id }) => id !== null) ?? (first as DocumentHandle),
    );
    return {
      ids: array(handles.map(({ id }) => id)),
      names: textArray(handles.map(({ name }) => name)),
      searchTexts: textArray(handles.map(({ id, name }) => (id === null ? foldCase(name) : null))),
      epochs: array(handles.map(({ epoch }) => epoch)),
      counts: array(this.#documents.map(({ count }) => count)),
      sizes: array(this.#documents.map((document) => document.size)),
      lastAuthors: array(this.#documents.map(({ lastAuthor }) => lastAuthor)),
      documents: array(this.#places.map(({ place }) => place)),
      nths: array(this.#nths),
      authors: array(authors),
      authorNames: textArray([...authorPlaces.keys()].map(storableText)),
      offsets: array(offsets),
      lengths: array(lengths),
      bytes,
      ...this.#claimColumns(),
    };
  }

  #claimColumns(): Pick<AppendColumns, 'claimDocuments' | 'claimedIds' | 'claimSubs'> {
    for (const document of this.#documents) {
      for (const handle of document.handles) {
        if (handle.claimed !== undefined && handle.claimed.size > 0) this.#claims.push({ handle, document, owners: [...handle.claimed] });
      }
    }
    if (this.#claims.length === 0) return NO_CLAIMS;
    const claims = this.#claims.flatMap(({ document: { place }, owners }) => owners.map(([id, sub]) => ({ place, id, sub })));
    return {
      claimDocuments: array(claims.map(({ place }) => place)),
      claimedIds: array(claims.map(({ id }) => id)),
      claimSubs: textArray(claims.map(({ sub }) => storableText(sub))),
    };
  }

  /** Two handles of one document and epoch share its place: a document may stand in a batch only once. */
  #documentOf(handle: DocumentHandle): BatchDocument {
    const key = `${handle.epoch}/${handle.name}`;
    const same = this.#byName.get(key);
    if (same !== undefined) {
      same.handles.push(handle);
      return same;
    }
    const document = { place: this.#documents.length + 1, handles: [handle], count: 0, size: 0, lastAuthor: null };
    this.#documents.push(document);
    this.#byName.set(key, document);
    return document;
  }

  /**
   * Each entry's `seq` from what Postgres returned, `null` for one that was not taken; fills in the ids of
   * handles that had none, and takes from each the claims that went out.
   */
  settle(rows: readonly AppendedRow[]): (number | null)[] {
    for (const { handle, owners } of this.#claims) for (const [id] of owners) handle.claimed?.delete(id);
    const heads = new Map<BatchDocument, number>();
    for (const { place, document_id, document_head } of rows) {
      const document = this.#documents[place - 1] as BatchDocument;
      for (const handle of document.handles) handle.id = document_id;
      heads.set(document, Number(document_head));
    }
    return this.#entries.map((_, index) => {
      const document = this.#places[index] as BatchDocument;
      const head = heads.get(document);
      return head === undefined ? null : head - document.count + (this.#nths[index] as number);
    });
  }
}

const NO_CLAIMS = { claimDocuments: '{}', claimedIds: '{}', claimSubs: '{}' } as const;

function array(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}
