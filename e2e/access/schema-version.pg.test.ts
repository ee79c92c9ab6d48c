import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { DocumentStore } from '../../persistence/document-store.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { parseRoleMessage, type RoleMessage } from '../../protocol/messages.ts';
import { LivePath } from '../live-path.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';

const NAME = 'plan';

describe('the schema version that a client says', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function start(t: TestContext, faults?: (real: DocumentStore) => Partial<DocumentStore>): Promise<LivePath> {
    const path = await LivePath.start(await database.createDatabase(), faults, { schemaVersion: 3 });
    t.after(() => path.stop());
    return path;
  }

  /** A client, and what it was told of its role. */
  function client(t: TestContext, path: LivePath, version?: number): { writer: WriterClient; told: RoleMessage[] } {
    const writer = new WriterClient(`${path.collab}${version === undefined ? '' : `?schemaVersion=${version}`}`, NAME);
    t.after(() => writer.close());
    const told: RoleMessage[] = [];
    writer.provider.on('stateless', ({ payload }: { payload: string }) => told.push(parseRoleMessage(payload)!));
    return { writer, told };
  }

  it('stops those with an earlier one from writing, in the document or coming later, once a later one has written', async (t) => {
    const path = await start(t);
    const [older, newer, stock] = [client(t, path, 1), client(t, path, 2), client(t, path)];
    await Promise.all([older, newer, stock].map(({ writer }) => writer.allSaved()));
    older.writer.text.insert(0, 'mine ');
    await older.writer.allSaved();
    assert.equal((await path.store.load(NAME)).schemaVersion, 1, 'looking raises nothing');
    assert.deepEqual([...older.told, ...newer.told], [], 'an open server says nothing');

    await until('it has been read', () => newer.writer.text.toString() === 'mine ');
    newer.writer.text.insert(0, 'table ');
    await newer.writer.allSaved();
    assert.equal((await path.store.load(NAME)).schemaVersion, 2, 'stored before it was acknowledged');
    await until('it is told', () => older.told.length === 1);
    assert.deepEqual(older.told, [{ type: 'inkwire/role', role: 'view', reason: 'update-required' }]);
    older.writer.text.insert(0, 'too late ');
    await until('the edit is refused', () => older.writer.acks.refused);

    stock.writer.text.insert(0, 'stock ');
    await stock.writer.allSaved();
    const late = client(t, path, 1);
    await until('a late one is told', () => late.told.length === 1);
    await until('and reads', () => late.writer.text.toString() === 'stock table mine ');
    assert.equal(late.writer.provider.authorizedScope, 'readonly');
    assert.deepEqual([...newer.told, ...stock.told], []);
  });

  it('is known after a restart, and never more than the latest there is', async (t) => {
    const path = await start(t);
    const boaster = client(t, path, 999_999_999);
    await boaster.writer.synced();
    boaster.writer.text.insert(0, 'boast');
    await boaster.writer.allSaved();
    assert.equal((await path.store.load(NAME)).schemaVersion, 3);
    boaster.writer.close();
    await until('the document has left memory', () => path.rooms.get(NAME) === undefined);
    const older = client(t, path, 2);
    await until('it is told', () => older.told.length === 1);
    const current = client(t, path, 3);
    await current.writer.synced();
    current.writer.text.insert(0, 'no ');
    await current.writer.allSaved();
  });

  it('[D1] leaves an edit unacknowledged until it is stored, and the document in memory though everyone has gone', async (t) => {
    let failures = 2;
    const path = await start(t, (real) => ({
      raiseSchemaVersion: async (handle, version) => {
        if (failures-- > 0) throw new Error('the database is away');
        return real.raiseSchemaVersion(handle, version);
      },
    }));
    const newer = client(t, path, 2);
    await newer.writer.synced();
    newer.writer.text.insert(0, 'table');
    await until('it is committed', async () => (await path.store.info(NAME)) !== null);
    assert.equal(newer.writer.saved, false);
    newer.writer.close();
    await until('the document has left memory', () => path.rooms.get(NAME) === undefined);
    assert.equal((await path.store.load(NAME)).schemaVersion, 2);
    assert.equal(failures, -1);
  });
});
