import { type ClientOptions, Connection, jsonBody } from './connection.ts';
import { DocumentClient } from './document.ts';
import type { CreatedDocument, Document } from './shapes.ts';

export { type ClientOptions, InkwireRefusal } from './connection.ts';
export type { DocumentClient } from './document.ts';
export type * from './shapes.ts';

/** A new document: empty, or of Markdown. */
export interface NewDocument {
  /** One is made up without it. */
  readonly name?: string;
  readonly title?: string;
  readonly markdown?: string;
}

/** An Inkwire server over HTTP: in Node, a browser, or wherever there is fetch. */
export class InkwireClient {
  readonly #server: Connection;

  constructor(options: ClientOptions) {
    this.#server = new Connection(options);
  }

  /** One document, which need not be there yet. */
  document(name: string): DocumentClient {
    return new DocumentClient(this.#server, name);
  }

  /** All documents that the token may read, those updated last first; `search` finds names and titles. */
  async *documents({ search }: { readonly search?: string } = {}): AsyncGenerator<Document> {
    for (let cursor: string | null = null; ; ) {
      const query = new URLSearchParams({ limit: '100' });
      if (search !== undefined) query.set('search', search);
      if (cursor !== null) query.set('cursor', cursor);
      const page: { documents: Document[]; next: string | null } = await this.#server.json(`/api/documents?${query}`);
      yield* page.documents;
      if (page.next === null) return;
      cursor = page.next;
    }
  }

  create(document: NewDocument = {}): Promise<CreatedDocument> {
    return this.#server.json('/api/documents', jsonBody('POST', document));
  }

  /** Makes a document of a file of a media type that imports take, such as that of Word. */
  import(
    file: Exclude<BodyInit, ReadableStream>,
    mediaType: string,
    { name, title }: Omit<NewDocument, 'markdown'> = {},
  ): Promise<CreatedDocument> {
    const query = new URLSearchParams();
    if (name !== undefined) query.set('name', name);
    if (title !== undefined) query.set('title', title);
    return this.#server.json(`/api/documents?${query}`, { method: 'POST', headers: { 'Content-Type': mediaType }, body: file });
  }
}
