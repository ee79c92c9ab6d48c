import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type Connection, InkwireRefusal, jsonBody } from './connection.ts';
import type {
  Asset,
  Author,
  Blocks,
  ChangeEvent,
  Difference,
  Document,
  EditMade,
  EditOptions,
  ExportOptions,
  NamedVersion,
  Operation,
  Version,
} from './shapes.ts';

/** How long to wait before a stream that broke is opened again, ms. */
const RETRY_MS = 1_000;

/** One document of a server. */
export class DocumentClient {
  /** As it was asked for, not encoded. */
  readonly name: string;
  readonly #server: Connection;
  readonly #path: string;

  constructor(server: Connection, name: string) {
    this.name = name;
    this.#server = server;
    this.#path = `/api/documents/${encodeURIComponent(name)}`;
  }

  info(): Promise<Document> {
    return this.#server.json(this.#path);
  }

  async delete(): Promise<void> {
    await this.#server.ask(this.#path, { method: 'DELETE' });
  }

  /** The live document in a format, such as `pdf`; the answer is a fetch Response. */
  export(format: string, { signal, fragment, margin, ...options }: ExportOptions = {}): Promise<Response> {
    const query = new URLSearchParams({ format });
    for (const [key, value] of Object.entries(options)) if (value !== undefined) query.set(key, value);
    if (fragment === true) query.set('fragment', '1');
    if (margin !== undefined) query.set('margin', String(margin));
    return this.#server.ask(`${this.#path}/export?${query}`, signal === undefined ? {} : { signal });
  }

  /** The live document as Markdown. */
  async markdown(options?: ExportOptions): Promise<string> {
    return (await this.export('markdown', options)).text();
  }

  /** Replaces what it holds by a file of a media type that imports take; people's edits of this moment stay. */
  replace(
    content: BodyInit,
    mediaType = 'text/markdown',
    { ifVersion }: Pick<EditOptions, 'ifVersion'> = {},
  ): Promise<{ version: number; warnings: string[] }> {
    const headers = { 'Content-Type': mediaType, ...ifMatch(ifVersion) };
    return this.#server.json(`${this.#path}/content`, { method: 'PUT', headers, body: content });
  }

  /** Edits it beside the people in it: all operations or none. Answered after the commit. */
  edit(operations: readonly Operation[], { ifVersion, idempotencyKey, dryRun, signal }: EditOptions = {}): Promise<EditMade> {
    const { headers, ...init } = jsonBody('POST', { operations, ...(dryRun === undefined ? {} : { dryRun }) });
    const key = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
    return this.#server.json(`${this.#path}/edits`, {
      ...{ ...init, headers: { ...headers, ...ifMatch(ifVersion), ...key } },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Takes an edit back; what others have written since stays. */
  undo(editId: string): Promise<EditMade> {
    return this.#server.json(`${this.#path}/edits/${encodeURIComponent(editId)}/undo`, { method: 'POST' });
  }

  blocks(): Promise<Blocks> {
    return this.#server.json(`${this.#path}/blocks`);
  }

  /** What was written when and by whom, the last first. Each `version`, and every number in between, can be read and restored. */
  async *versions(): AsyncGenerator<Version> {
    for (let before: number | null = null; ; ) {
      const query: string = before === null ? '' : `?before=${before}`;
      const page: { versions: Version[]; next: number | null } = await this.#server.json(`${this.#path}/versions${query}`);
      yield* page.versions;
      if (page.next === null) return;
      before = page.next;
    }
  }

  /** The document as it was at a version, or at a time, in a format of exports. */
  version(which: number | Date, format = 'markdown'): Promise<Response> {
    const query = new URLSearchParams({ format, ...(which instanceof Date ? { at: which.toISOString() } : {}) });
    return this.#server.ask(`${this.#path}/versions/${which instanceof Date ? 'at' : which}?${query}`);
  }

  /** What became of it from one version to another, and who did it; 0 is before anything was written. */
  difference(from: number, to: number): Promise<Difference> {
    return this.#server.json(`${this.#path}/versions/${from}...${to}`);
  }

  /** Takes back what was written after one version up to another, by everybody or by one author: one edit, which `undo` takes back. */
  undoVersions(from: number, to: number, author?: string | null): Promise<EditMade> {
    return this.#server.json(`${this.#path}/versions/${from}...${to}/undo`, jsonBody('POST', author === undefined ? {} : { author }));
  }

  /** Gives a version a name for people, the last one without a number. */
  nameVersion(name: string, version?: number): Promise<NamedVersion> {
    return this.#server.json(`${this.#path}/versions`, jsonBody('POST', { name, ...(version === undefined ? {} : { version }) }));
  }

  /** Takes a name away; the version stays. */
  async removeVersionName(id: string): Promise<void> {
    await this.#server.ask(`${this.#path}/version-names/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  /** Brings a version's content back, as one edit that `undo` takes back. */
  restore(version: number): Promise<EditMade> {
    return this.#server.json(`${this.#path}/versions/${version}/restore`, { method: 'POST' });
  }

  async authors(): Promise<Author[]> {
    return (await this.#server.json<{ authors: Author[] }>(`${this.#path}/authors`)).authors;
  }

  /** Stores a picture or file; its `url` goes into the text. */
  upload(file: Blob, fileName = 'file'): Promise<Asset> {
    const body = new FormData();
    body.set('file', file, fileName);
    return this.#server.json(`${this.#path}/assets`, { method: 'POST', body });
  }

  /**
   * What changes in it from a version on, else from now on, until `signal` is aborted or the document is deleted. A stream that ends or breaks is
   * opened again where it was. Throws `InkwireRefusal` when the server refuses to open it.
   */
  async *changes({ since, signal }: { readonly since?: number; readonly signal?: AbortSignal } = {}): AsyncGenerator<ChangeEvent> {
    let last = since;
    const isOver = () => signal?.aborted === true;
    while (!isOver()) {
      try {
        const query = last === undefined ? '' : `?since=${last}`;
        const { body } = await this.#server.ask(`${this.#path}/changes${query}`, signal === undefined ? {} : { signal });
        for await (const { event, data } of eventsOf(body!)) {
          if (event === 'deleted') return;
          if (event !== 'change') continue;
          const change = JSON.parse(data) as ChangeEvent;
          last = change.version;
          yield change;
        }
      } catch (error) {
        if (isOver()) return;
        if (error instanceof InkwireRefusal && error.status !== 503) throw error;
      }
      // Without a version the server begins with now: what comes in between would be missed.
      last ??= (await this.info()).version;
      await new Promise((later) => setTimeout(later, RETRY_MS));
    }
  }
}

const ifMatch = (version: number | undefined): Record<string, string> => (version === undefined ? {} : { 'If-Match': `"${version}"` });

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event?: string | undefined; data: string }> {
  // Readers of streams are not iterable in every browser.
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
