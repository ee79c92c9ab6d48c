import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCHEMA_VERSION } from '../../document/schema.ts';
import type { DocumentStore } from '../../persistence/document-store.ts';
import { LogWriter } from '../../persistence/log-writer.ts';
import { openAccess } from '../../server/access/access.ts';
import { readConfig } from '../../server/config.ts';
import { collectLate } from '../../server/ops/garbage-collection.ts';
import { MergeThread } from '../../server/sync/document/merge-thread.ts';
import { Engine } from '../../server/sync/engine.ts';
import { Sessions } from '../../server/sync/session/sessions.ts';
import { mountWebSocket } from '../../server/transport/websocket.ts';
import { MemoryStore } from './memory-store.ts';

/** The way of a keystroke as `app.ts` puts it together, over a store that costs nothing. Only what the bench calls is there. */
collectLate();
const config = readConfig();
const store = new MemoryStore() as Partial<DocumentStore> as DocumentStore;
const writer = new LogWriter(store, { ...config, onStale: () => {}, onRetry: () => {} });
const access = openAccess();
const engine = new Engine({
  store,
  writer,
  merge: new MergeThread().merge,
  access,
  onError: (what, error) => process.stderr.write(`${what}: ${error}\n`),
});
const limits = { ...config, unread: { slow: config.slowReaderBytes, most: config.maxUnreadBytes } };
const sessions = new Sessions({ engine, access, limits, schemaVersion: SCHEMA_VERSION, now: Date.now });
const server = createServer();
mountWebSocket(server, {
  maxFrameBytes: config.maxFrameBytes,
  admit: () => null,
  open: (socket, url) => sessions.open(socket, url),
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
