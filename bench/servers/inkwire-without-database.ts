import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCHEMA_VERSION } from '../../document/schema.ts';
import { mergeIntoSnapshot } from '../../document/updates/snapshot.ts';
import type { DocumentStore } from '../../persistence/document-store.ts';
import { LogWriter } from '../../persistence/log-writer.ts';
import { openAccess } from '../../server/access/access.ts';
import { readConfig } from '../../server/config.ts';
import { collectLate } from '../../server/ops/garbage-collection.ts';
import { Connections } from '../../server/sync/connections.ts';
import { HOCUSPOCUS } from '../../server/sync/dialect.ts';
import { Rooms } from '../../server/sync/rooms.ts';
import { mountWebSocket } from '../../server/transport/websocket.ts';
import { createCut } from '../../server/workers/cut.ts';
import { WorkerPool } from '../../server/workers/pool.ts';
import { MemoryStore } from './memory-store.ts';

/** The way of a keystroke as `app.ts` puts it together, over a store that costs nothing. Only what the bench calls is there. */
collectLate();
const config = readConfig();
const store = new MemoryStore() as Partial<DocumentStore> as DocumentStore;
const writer = new LogWriter(store, { ...config, onDeleted: () => {}, onFellBack: async () => [], onRetry: () => {} });
const access = openAccess();
const onError = (what: string, error: unknown) => process.stderr.write(`${what}: ${error}\n`);
const rooms = new Rooms({
  store,
  writer,
  compact: async () => null,
  loadState: async ({ name }) => mergeIntoSnapshot(null, (await store.load(name)).updates),
  cut: createCut(new WorkerPool()),
  now: () => performance.now(),
  onError,
});
const connections = new Connections({ rooms, access, limits: config, schemaVersion: SCHEMA_VERSION, now: Date.now, onError });
const server = createServer();
mountWebSocket(server, {
  maxFrameBytes: config.maxFrameBytes,
  admit: () => null,
  open: (link, { url = '/', headers }) => connections.open(link, { url, headers }, HOCUSPOCUS),
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
