import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as Y from 'yjs';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { ERRORS } from '../protocol/errors.ts';
import { FrameType, SyncType } from '../protocol/frames.ts';
import { type Identity, SERVER_SUB } from '../protocol/identity.ts';
import { guest, LivePath } from './live-path.ts';
import { RawSocket, syncFrame } from './raw-socket.ts';
import { until } from './wait.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

const NAME = 'plan';
const TAKEN = ERRORS['client-id-taken'].close;
const HOUR_MS = 3_600_000;

/** Whoever says a name is believed to be that person, as if a token had proved it. */
function signedIn(sub: string): Identity {
  return { ...guest(), sub, name: sub, verified: true, expiresAt: Date.now() + HOUR_MS };
}

describe('the client ids of a document', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function start(t: TestContext, url: string, identify: (token: string) => Identity = signedIn): Promise<LivePath> {
    const access = { identify: async (token: string) => identify(token), isRevoked: () => false, onRevocation: () => () => {} };
    const path = await LivePath.start(url, undefined, { access });
    t.after(() => path.stop());
    return path;
  }

  /** Ann has written a word that Bob has read. */
  async function annAndBob(t: TestContext, path: LivePath): Promise<{ ann: WriterClient; bob: WriterClient }> {
    const [ann, bob] = [await writer(t, path, 'ann'), await writer(t, path, 'bob')];
    ann.text.insert(0, 'Ann');
    await ann.allSaved();
    await until('Bob sees it', () => bob.document.getXmlFragment('default').toString().includes('Ann'));
    return { ann, bob };
  }

  async function writer(t: TestContext, path: LivePath, token: string): Promise<WriterClient> {
    const client = new WriterClient(path.collab, NAME, undefined, token);
    t.after(() => client.close());
    await client.synced();
    return client;
  }

  /** Eve, who is signed in as herself, sends a frame; the code her socket is closed with. */
  async function eveSends(t: TestContext, path: LivePath, kind: number, update: Uint8Array): Promise<number> {
    const eve = await RawSocket.into(path.collab, NAME, 'eve');
    t.after(() => eve.close());
    eve.send(syncFrame(NAME, kind, update));
    const code = await eve.closeCode();
    assert.equal(eve.count(FrameType.SyncStatus), 0, 'it was not acknowledged');
    return code;
  }

  /** Neither lost the socket or an edit, and both show the same as somebody who comes fresh: what they typed and nothing else. */
  async function assertUnharmed(t: TestContext, path: LivePath, ann: WriterClient, bob: WriterClient, text: string): Promise<void> {
    ann.text.insert(ann.text.length, '!');
    bob.text.insert(bob.text.length, '?');
    await Promise.all([ann.allSaved(), bob.allSaved()]);
    const fresh = await writer(t, path, 'carl');
    const shown = () => [ann, bob, fresh].map((client) => client.text.toString());
    await until('all show the same', () => new Set(shown()).size === 1 && shown()[0]!.length === text.length + 2);
    assert.ok(shown()[0]!.startsWith(text), shown()[0]);
    assert.deepEqual(path.errors, []);
  }

  it('[P1] a forged future item closes the socket of the forger with 4409, and nobody else notices', async (t) => {
    const path = await start(t, await database.createDatabase());
    const { ann, bob } = await annAndBob(t, path);
    assert.equal(await eveSends(t, path, SyncType.Update, forged(ann.document)), TAKEN);
    assert.equal(await eveSends(t, path, SyncType.Update, afterGap(ann.document)), TAKEN);
    assert.equal(await eveSends(t, path, SyncType.Update, Y.mergeUpdates([forged(bob.document, 4711), forged(ann.document)])), TAKEN);
    await assertUnharmed(t, path, ann, bob, 'Ann');
  });

  it('[P1] one in a handshake is not taken either', async (t) => {
    const path = await start(t, await database.createDatabase());
    const { ann, bob } = await annAndBob(t, path);
    // The document has just been loaded: it might be an edit that Ann has sent and the server has lost.
    assert.equal(await eveSends(t, path, SyncType.Step2, forged(ann.document)), ERRORS['author-awaited'].close);
    await assertUnharmed(t, path, ann, bob, 'Ann');
  });

  it('[P1] an id is kept for who is offline, and for who has not written yet', async (t) => {
    const path = await start(t, await database.createDatabase());
    const { ann, bob } = await annAndBob(t, path);
    ann.socket.disconnect();
    await until('Ann is offline', () => path.rooms.get(NAME)?.members.size === 1);
    ann.text.insert(3, ' on a train');
    const known = new Y.Doc();
    Y.applyUpdate(known, Y.encodeStateAsUpdate(bob.document));
    known.clientID = ann.document.clientID;
    assert.equal(await eveSends(t, path, SyncType.Update, forged(known)), TAKEN);
    assert.equal(await eveSends(t, path, SyncType.Update, forged(bob.document)), TAKEN);
    void ann.socket.connect();
    await ann.allSaved();
    await assertUnharmed(t, path, ann, bob, 'Ann on a train');
  });

  it('[P1] [D4] is known after a restart, with the author of every update', async (t) => {
    const url = await database.createDatabase();
    const first = await start(t, url);
    const { ann, bob } = await annAndBob(t, first);
    const tab = await writer(t, first, 'ann');
    tab.text.insert(0, 'Tab of ');
    await tab.allSaved();
    await until('everyone sees it', () => [ann, bob].every((client) => client.text.toString() === 'Tab of Ann'));
    assert.equal((await first.store.info(NAME))?.updatedBy, 'ann');
    for (const client of [ann, bob, tab]) client.socket.disconnect();
    await until('the document has left memory', () => first.rooms.get(NAME) === undefined);

    const second = await start(t, url);
    const { clientIds } = await second.store.load(NAME);
    assert.deepEqual(clientIds, new Map([ann, tab].map(({ document }) => [document.clientID, 'ann'])));
    for (const { document } of [ann, tab]) assert.equal(await eveSends(t, second, SyncType.Update, forged(document)), TAKEN);
    const back = new WriterClient(second.collab, NAME, ann.document, 'ann');
    t.after(() => back.close());
    back.text.insert(0, 'Same ');
    await back.allSaved();
  });

  it('what everybody has may be sent again by anybody', async (t) => {
    const path = await start(t, await database.createDatabase());
    const { ann, bob } = await annAndBob(t, path);
    const eve = await RawSocket.into(path.collab, NAME, 'eve');
    t.after(() => eve.close());
    for (const kind of [SyncType.Step2, SyncType.Update]) eve.send(syncFrame(NAME, kind, Y.encodeStateAsUpdate(bob.document)));
    await until('both are acknowledged', () => eve.count(FrameType.SyncStatus) === 2);
    const { clientIds } = await path.store.load(NAME);
    assert.deepEqual([...clientIds], [[ann.document.clientID, 'ann']], 'she claimed nothing');
    await assertUnharmed(t, path, ann, bob, 'Ann');
  });

  it("[P1] the server's own is nobody else's, in memory and stored", async (t) => {
    const url = await database.createDatabase();
    const path = await start(t, url);
    await path.documents.create(NAME, 'api', (document) => paragraphText(document).insert(0, 'made'));
    const { ann, bob } = await annAndBob(t, path);
    const { serverId } = path.rooms.get(NAME)!;
    assert.equal(await eveSends(t, path, SyncType.Update, forged(ann.document, serverId)), TAKEN);
    await path.documents.edit(NAME, 'api', (live) => paragraphText(live).insert(0, 'Edited '));
    assert.equal(await eveSends(t, path, SyncType.Update, forged(ann.document, serverId)), TAKEN);
    const { clientIds } = await path.store.load(NAME);
    const ofServer = [...clientIds].filter(([, sub]) => sub === SERVER_SUB).map(([id]) => id);
    assert.equal(ofServer.length, 2, 'that of the first content and that of the edit');
    assert.ok(ofServer.includes(serverId));
    await assertUnharmed(t, path, ann, bob, 'Edited Annmade');
  });

  it('guests of an open server claim none', async (t) => {
    const path = await start(t, await database.createDatabase(), () => guest());
    const { ann } = await annAndBob(t, path);
    const eve = await RawSocket.into(path.collab, NAME);
    t.after(() => eve.close());
    eve.send(syncFrame(NAME, SyncType.Update, forged(ann.document)));
    await until('it is acknowledged', () => eve.count(FrameType.SyncStatus) === 1);
    assert.equal((await path.store.load(NAME)).clientIds.size, 0);
  });
});

/** What the holder of a client id could write next. */
function forged(document: Y.Doc, clientId = document.clientID): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  copy.clientID = clientId;
  const before = Y.encodeStateVector(copy);
  paragraphText(copy).insert(0, 'forged');
  return Y.encodeStateAsUpdate(copy, before);
}

/** What they could write after that: Yjs would keep it until the rest is there. */
function afterGap(document: Y.Doc): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  copy.clientID = document.clientID;
  paragraphText(copy).insert(0, 'next');
  return forged(copy);
}
