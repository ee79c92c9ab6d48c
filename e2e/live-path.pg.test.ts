import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as Y from 'yjs';
import type { DocumentStore } from '../persistence/document-store.ts';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { ERRORS } from '../protocol/errors.ts';
import { FrameType, SyncType } from '../protocol/frames.ts';
import { HELD_BYTES_PER_DOCUMENT, LivePath } from './live-path.ts';
import { RawSocket, signIn, syncFrame } from './raw-socket.ts';
import { until } from './wait.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

const NAME = 'plan';

describe('the live path', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function livePath(t: TestContext, faults?: (real: DocumentStore) => Partial<DocumentStore>): Promise<LivePath> {
    const path = await LivePath.start(await database.createDatabase(), faults);
    t.after(() => path.stop());
    return path;
  }

  function writer(t: TestContext, path: LivePath, name = NAME): WriterClient {
    const client = new WriterClient(path.collab, name);
    t.after(() => client.close());
    return client;
  }

  it('[D1] shows an edit to others at once, and acknowledges it only after the commit', async (t) => {
    const commit = Promise.withResolvers<void>();
    const path = await livePath(t, commitsAfter(commit.promise));
    const [ada, bob] = [writer(t, path), writer(t, path)];
    await Promise.all([ada.allSaved(), bob.allSaved()]);
    ada.text.insert(0, 'hello');
    await until('the other sees it', () => bob.document.getXmlFragment('default').toString().includes('hello'));
    assert.equal((await path.store.info(NAME))?.version ?? 0, 0);
    assert.equal(ada.saved, false);
    commit.resolve();
    await ada.allSaved();
    assert.ok((await path.store.info(NAME))!.version > 0);
  });

  it('[D4] commits what a document holds before it leaves memory, though everyone has gone', async (t) => {
    const commit = Promise.withResolvers<void>();
    const path = await livePath(t, commitsAfter(commit.promise));
    const ada = writer(t, path);
    await ada.synced();
    ada.text.insert(0, 'hello');
    await until('the server has it', () =>
      path.rooms
        .get(NAME)
        ?.read((document) => document.getXmlFragment('default').toString())
        .includes('hello'),
    );
    ada.close();
    await until('its socket is gone', () => path.rooms.get(NAME)!.members.size === 0);
    // A reader who comes now must find the document that is in memory, not one loaded without the edit.
    const bob = writer(t, path);
    await bob.synced();
    assert.equal(bob.text.toString(), 'hello');
    bob.close();
    commit.resolve();
    await until('the document has left memory', () => path.rooms.get(NAME) === undefined);
    const loaded = await path.store.load(NAME);
    assert.ok(loaded.head > 0);
  });

  it('[D5] a load that fails closes the socket with 1013, stores nothing, and the client syncs once it works', async (t) => {
    let failures = 3;
    let stores = 0;
    const path = await livePath(t, (real) => ({
      load: async (name) => {
        if (failures-- > 0) throw new Error('the database is away');
        return real.load(name);
      },
      append: async (entries) => {
        stores++;
        return real.append(entries);
      },
    }));
    await path.documents.create(NAME, null, (document) => paragraphText(document).insert(0, 'kept'));
    const raw = await RawSocket.open(path.collab);
    raw.send(signIn(NAME));
    assert.equal(await raw.closeCode(), ERRORS['database-unavailable'].close);
    const ada = writer(t, path);
    await ada.synced();
    assert.equal(ada.text.toString(), 'kept');
    assert.equal(stores, 0);
  });

  it('[D6] past its bound of held bytes a document takes no more: 1013, and the client saves it all later', async (t) => {
    const commit = Promise.withResolvers<void>();
    const path = await livePath(t, commitsAfter(commit.promise));
    const ada = writer(t, path);
    await ada.synced();
    let closes = 0;
    ada.socket.on('close', ({ event }: { event: { code: number } }) => {
      if (event.code === ERRORS.overloaded.close) closes++;
    });
    const words = 200;
    for (let word = 0; word < words; word++) {
      ada.text.insert(0, 'x'.repeat(1_000));
      await new Promise((resume) => setImmediate(resume));
    }
    await until('the server has closed the socket', () => closes > 0);
    assert.ok(path.writer.heldBytes < 2 * HELD_BYTES_PER_DOCUMENT, `${path.writer.heldBytes} bytes are held`);
    commit.resolve();
    await ada.allSaved();
    const bob = writer(t, path);
    await bob.synced();
    assert.equal(bob.text.length, words * 1_000);
  });

  it('[D9] a delete closes the sockets with 4410, and what they send afterwards resurrects nothing', async (t) => {
    const path = await livePath(t);
    const raw = await RawSocket.into(path.collab, NAME);
    const [update] = typed('secret');
    raw.send(syncFrame(NAME, SyncType.Update, update!));
    await until('it is saved', () => raw.count(FrameType.SyncStatus) === 1);
    assert.equal(await path.documents.delete(NAME), true);
    raw.send(syncFrame(NAME, SyncType.Update, typed('again')[0]!));
    assert.equal(await raw.closeCode(), ERRORS['document-deleted'].close);
    assert.equal(await path.documents.info(NAME), null);
    const back = await RawSocket.open(path.collab);
    back.send(signIn(NAME));
    assert.equal(await back.closeCode(), ERRORS['document-deleted'].close);
    await path.documents.create(NAME, null, (document) => paragraphText(document).insert(0, 'fresh'));
    const reader = writer(t, path);
    await reader.synced();
    assert.equal(reader.text.toString(), 'fresh');
  });

  it('[D9] a delete by another server is noticed at the next edit', async (t) => {
    const path = await livePath(t);
    const ada = writer(t, path);
    await ada.synced();
    ada.text.insert(0, 'hello');
    await ada.allSaved();
    const closes: number[] = [];
    ada.socket.on('close', ({ event }: { event: { code: number } }) => closes.push(event.code));
    await path.store.delete(NAME);
    ada.text.insert(0, 'more ');
    await until('the socket is closed', () => closes.includes(ERRORS['document-deleted'].close));
    assert.equal(await path.store.info(NAME), null);
  });

  it('[S4] a document leaves memory when its last reader does', async (t) => {
    const path = await livePath(t);
    for (let round = 0; round < 5; round++) {
      const clients = Array.from({ length: 20 }, (_, at) => writer(t, path, `document ${at}`));
      await Promise.all(clients.map((client) => client.synced()));
      assert.equal(path.rooms.size, 20);
      for (const client of clients) client.close();
      await until('none is in memory', () => path.rooms.size === 0);
    }
    assert.equal((await path.store.list({ limit: 50 })).items.length, 0, 'looking leaves nothing behind');
  });

  it('joining while the last reader leaves always ends in a live document', async (t) => {
    const path = await livePath(t);
    const keeper = writer(t, path, 'other');
    await keeper.synced();
    let leaver = writer(t, path);
    await leaver.synced();
    for (let round = 0; round < 30; round++) {
      leaver.close();
      const joiner = writer(t, path);
      await joiner.synced();
      joiner.text.insert(0, `${round};`);
      await joiner.allSaved();
      assert.equal(
        path.rooms.get(NAME)?.read(({ isDestroyed }) => isDestroyed),
        false,
      );
      leaver = joiner;
    }
    assert.match(leaver.text.toString(), /^29;.*;0;$/);
  });

  it('[X5] an edit over HTTP is one live edit, answered after its commit', async (t) => {
    const path = await livePath(t);
    const ada = writer(t, path);
    await ada.synced();
    ada.text.insert(0, 'by hand');
    await ada.allSaved();
    const { version } = await path.documents.edit(NAME, 'script', (document) => paragraphText(document).insert(0, 'by script, '));
    assert.equal((await path.store.info(NAME))!.version, version);
    assert.equal((await path.store.info(NAME))!.updatedBy, 'script');
    await until('the person sees it', () => ada.text.toString() === 'by script, by hand');
    await assert.rejects(
      path.documents.edit(NAME, 'script', () => {}, version - 1),
      { code: 'version-mismatch' },
    );
    await assert.rejects(
      path.documents.edit('nowhere', 'script', () => {}),
      { code: 'document-not-found' },
    );
  });

  it('a document created over HTTP reaches whoever was looking at its name', async (t) => {
    const path = await livePath(t);
    const ada = writer(t, path);
    await ada.synced();
    await path.documents.create(NAME, 'script', (document) => paragraphText(document).insert(0, 'created'));
    await until('the person sees it', () => ada.document.getXmlFragment('default').toString().includes('created'));
    ada.text.insert(0, 're');
    await ada.allSaved();
    await assert.rejects(
      path.documents.create(NAME, null, () => {}),
      { code: 'document-exists' },
    );
  });

  it('copies the shared title for lists, the last word of it', async (t) => {
    const path = await livePath(t);
    const ada = writer(t, path);
    await ada.synced();
    for (const title of ['P', 'Pl', 'Plan']) ada.document.getMap('meta').set('title', title);
    await until('the list shows it', async () => (await path.store.info(NAME))?.title === 'Plan');
  });

  it('[S2] [D8] compacts a tail that has outgrown its snapshot, under typing, and loses nothing', async (t) => {
    const path = await livePath(t);
    const ada = writer(t, path);
    await ada.synced();
    for (let word = 0; word < 400; word++) {
      ada.text.insert(0, `${'x'.repeat(300)} `);
      if (word % 20 === 0) await new Promise((resume) => setImmediate(resume));
    }
    await ada.allSaved();
    await until('it is compacted', async () => (await path.store.load(NAME)).snapshotSeq > 0);
    ada.close();
    await until('it has left memory', () => path.rooms.get(NAME) === undefined);
    const reader = writer(t, path);
    await reader.synced();
    assert.equal(reader.text.length, 400 * 301);
  });
});

/** A database whose commits wait until the test lets them. */
function commitsAfter(released: Promise<void>) {
  return (real: DocumentStore): Partial<DocumentStore> => ({
    append: async (entries) => {
      await released;
      return real.append(entries);
    },
  });
}

function typed(...words: string[]): Uint8Array[] {
  const document = new Y.Doc();
  paragraphText(document);
  const updates = words.map((word) => {
    paragraphText(document).insert(0, word);
    return Y.encodeStateAsUpdate(document);
  });
  document.destroy();
  return updates;
}
