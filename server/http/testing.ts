import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as Y from 'yjs';
import { listBlocks } from '../../document/blocks.ts';
import type { ContentNode } from '../../document/content.ts';
import { plainText, replaceContent } from '../../document/live.ts';
import { readContent } from '../../document/read.ts';
import { readTitle, writeTitle } from '../../document/title.ts';
import type { DocumentInfo } from '../../persistence/document-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { Edge } from '../ports/edge.ts';
import { createHttpApp, type HttpAppOptions } from './app.ts';
import { httpListener } from './listener.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { memoryAssets } from './testing/memory-assets.ts';
import { memoryEdits } from './testing/memory-edits.ts';
import { memoryHistory } from './testing/memory-history.ts';

/** Documents in memory: the ports with real Yjs documents behind them, and no database. */
export function memoryDocuments(): Documents {
  const held = new Map<string, { document: Y.Doc; version: number; createdAt: Date; updatedAt: Date; updatedBy: string | null }>();
  const found = (name: string) => {
    const entry = held.get(name);
    if (entry === undefined) throw new InkwireError('document-not-found');
    return entry;
  };
  const info = (name: string): DocumentInfo | null => {
    const entry = held.get(name);
    if (entry === undefined) return null;
    const { document, version, createdAt, updatedAt, updatedBy } = entry;
    const logBytes = Y.encodeStateAsUpdate(document).byteLength;
    return { name, title: readTitle(document), version, snapshotBytes: 0, logBytes, createdAt, updatedAt, updatedBy };
  };
  return {
    async create(name, author, content) {
      if (held.has(name)) throw new InkwireError('document-exists');
      const entry = { document: new Y.Doc(), version: 0, createdAt: new Date(), updatedAt: new Date(), updatedBy: author };
      entry.document.on('update', () => {
        entry.version += 1;
      });
      entry.document.transact(() => {
        if (typeof content === 'function') content(entry.document);
        else if (content.update !== null) Y.applyUpdate(entry.document, content.update);
      });
      held.set(name, entry);
      return info(name)!;
    },
    info: async (name) => info(name),
    async list({ limit, cursor, search = '', within }) {
      const isWithin = (name: string) =>
        within === undefined || within.names.includes(name) || within.prefixes.some((prefix) => name.startsWith(prefix));
      const names = [...held.keys()].filter((name) => name.includes(search) && isWithin(name)).sort();
      const from = cursor === undefined ? 0 : names.indexOf(cursor);
      if (from === -1) throw new InkwireError('bad-request', 'The cursor is damaged.');
      return { items: names.slice(from, from + limit).map((name) => info(name)!), next: names[from + limit] ?? null };
    },
    delete: async (name) => held.delete(name),
    async edit(name, author, edit, expectedVersion) {
      const entry = found(name);
      if (expectedVersion !== undefined && expectedVersion !== entry.version) throw new InkwireError('version-mismatch');
      entry.document.transact(() => edit(entry.document));
      entry.updatedBy = author;
      return { version: entry.version };
    },
    state: async (name) => {
      const { document, version } = found(name);
      return { updates: [Y.encodeStateAsUpdate(document)], title: readTitle(document), version, key: `${name}.${version}` };
    },
    async rewrite(name, author, write, expectedVersion) {
      const entry = found(name);
      const { update } = await write([Y.encodeStateAsUpdate(entry.document)]);
      if (expectedVersion !== undefined && expectedVersion !== entry.version) throw new InkwireError('version-mismatch');
      if (update !== null) Y.applyUpdate(entry.document, update);
      entry.updatedBy = author;
      return { version: entry.version };
    },
    log: async (name) => {
      const { document, version, updatedAt, updatedBy } = found(name);
      return [{ seq: version, author: updatedBy, at: updatedAt.getTime(), data: Y.encodeStateAsUpdate(document) }];
    },
    present: (name) => (name === 'busy' ? [{ name: 'Ada', color: '#aa3322' }] : []),
  };
}

/** Conversions that keep one paragraph per line; a line with "lossy" in it is warned about. */
export const lineConversions: Conversions = {
  async toFormat(format, updates) {
    const document = documentOf(updates);
    const text = plainText(document);
    const said = { json: JSON.stringify(readContent(document)), html: `<p>${text}</p>` }[format] ?? text;
    const body = format === 'yjs' ? Y.encodeStateAsUpdate(document) : new TextEncoder().encode(said);
    return { body, warnings: text.includes('lossy') ? ['something is lossy'] : [], otherRoots: [] };
  },
  async fromFormat(format, body, into) {
    const text = new TextDecoder().decode(body);
    if (text.includes('unreadable')) throw new InkwireError('bad-content', 'It is unreadable.');
    const paragraphs = text
      .split('\n')
      .map((line): ContentNode => ({ type: 'paragraph', content: line === '' ? [] : [{ type: 'text', text: line }] }));
    const content: ContentNode = format === 'json' ? JSON.parse(text) : { type: 'doc', content: paragraphs };
    const title = 'title' in into ? (into.title ?? (text.startsWith('title: ') ? text.slice(7) : '')) : '';
    const document = documentOf('state' in into ? into.state : []);
    const before = Y.encodeStateVector(document);
    document.transact(() => {
      replaceContent(document, content);
      if (title !== '') writeTitle(document, title);
    });
    return {
      update: Y.encodeStateAsUpdate(document, before),
      clientId: document.clientID,
      title,
      warnings: text.includes('lossy') ? ['something is lossy'] : [],
    };
  },
  makeEdit: async (_task, { clientId }) => ({ update: null, clientId, changes: [], warnings: [] }),
  difference: async () => [],
  readBlocks: async (state) => ({ title: '', blocks: listBlocks(documentOf(state)) }),
};

function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const document = new Y.Doc();
  for (const update of updates) Y.applyUpdate(document, update);
  return document;
}

type TestAppOptions = Partial<Omit<HttpAppOptions, 'edge'>> & { readonly edge?: Partial<Edge> };

/** What the application wrote to its log. */
export interface LogLine {
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** The application over memory, open to all; `options` replace parts of it. */
export function testApp(options: TestAppOptions = {}) {
  const lines: LogLine[] = [];
  const debugLines: LogLine[] = [];
  const outages: InkwireError[] = [];
  const edge: Edge = {
    origins: ['https://app.example'],
    admit({ socket, headers: { host = '', origin } }, kind) {
      const peer = { address: socket.remoteAddress ?? '192.0.2.1', host, secure: false };
      if (!/^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(host)) return { peer, refusal: 'host-refused' };
      const isOurs = origin === undefined || kind === 'public-file' || String(origin).startsWith('http://localhost');
      return { peer, refusal: isOurs ? null : 'origin-refused' };
    },
    countRequest: () => null,
    requestsLeft: () => null,
    countBadToken: () => null,
    refused: () => {},
    ...options.edge,
  };
  const { documents = memoryDocuments() } = options;
  const { app, rules } = createHttpApp({
    documents,
    conversions: lineConversions,
    assets: memoryAssets(),
    nodes: () => [
      { id: 'a', url: 'http://a', version: '1', startedAt: new Date(0), documents: 2, connections: 3, ready: true, self: true },
    ],
    readiness: async () => ({ ready: true, checks: { database: true } }),
    access: memoryAccess('open'),
    config: { maxBodyBytes: 64 * 1024, basePath: '', historyRole: 'view' },
    edits: memoryEdits(documents),
    history: memoryHistory(documents),
    webRoot: new URL('./no-such-build/', import.meta.url),
    log: {
      error: (fields, message) => lines.push({ fields, message }),
      debug: (fields, message) => debugLines.push({ fields, message }),
    },
    onOutage: (error) => outages.push(error),
    ...options,
    edge,
  });
  return { app, rules, lines, debugLines, outages };
}

/** Serves an application on a free port; `stop` ends it with its connections. */
export async function listening(app: Parameters<typeof httpListener>[0]): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const server: Server = createServer(httpListener(app));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
