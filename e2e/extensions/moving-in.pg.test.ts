import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Database } from '@hocuspocus/extension-database';
import { Logger } from '@hocuspocus/extension-logger';
import { Server } from '@hocuspocus/server';
import * as Y from 'yjs';
import { openPostgresStore } from '../../persistence/postgres-store.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { until } from '../wait.ts';
import { Client, HookedServer } from './hooked-server.ts';

describe('a team that has a stock Hocuspocus with extension-database', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  it('moves in by starting Inkwire with the same extension, and has its mirror as a way back', async (t) => {
    const rows = new Map<string, Uint8Array>();
    const fetched: string[] = [];
    const extension = () =>
      new Database({
        fetch: async ({ documentName }) => {
          fetched.push(documentName);
          return rows.get(documentName) ?? null;
        },
        store: async ({ documentName, state }) => void rows.set(documentName, state),
      });

    const stock = new Server({ port: 0, address: '127.0.0.1', quiet: true, stopOnSignals: false, debounce: 10, extensions: [extension()] });
    await stock.listen();
    const before = new Client(`ws://127.0.0.1:${stock.address.port}`, 'plan', '');
    await before.synced();
    before.text.insert(0, 'written on stock');
    await until('stock has stored it', () => rows.has('plan'));
    before.close();
    await stock.destroy();
    fetched.length = 0;

    const url = await database.createDatabase();
    const lines: string[] = [];
    const logger = new Logger({ log: (line: string) => void lines.push(line) });
    const server = await HookedServer.start(t, url, [extension(), logger]);
    const ada = server.client(t);
    await ada.reads('written on stock');
    ada.text.insert(16, ', and on Inkwire');
    await ada.saved();
    ada.close();
    await until('it is unloaded', () => server.instance.getDocumentsCount() === 0);
    const again = server.client(t);
    await again.reads('written on stock, and on Inkwire');
    assert.deepEqual(fetched, ['plan'], 'the log has it from then on');

    const store = await openPostgresStore(url);
    const { updates } = await store.load('plan');
    await store.close();
    const stored = new Y.Doc();
    for (const update of updates) Y.applyUpdate(stored, update);
    assert.equal(stored.getText('text').toString(), 'written on stock, and on Inkwire');
    const mirror = new Y.Doc();
    Y.applyUpdate(mirror, rows.get('plan')!);
    assert.equal(mirror.getText('text').toString(), 'written on stock, and on Inkwire');
    assert.ok(
      lines.some((line) => line.includes('Loaded document "plan"')),
      lines.join('\n'),
    );
  });
});
