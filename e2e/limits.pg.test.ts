import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as Y from 'yjs';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { ERRORS } from '../protocol/errors.ts';
import { FrameType, SyncType } from '../protocol/frames.ts';
import { keystrokes } from './keystrokes.ts';
import { DOCUMENT_BYTES, LivePath, SLOW_READER_BYTES } from './live-path.ts';
import { RawSocket, syncFrame } from './raw-socket.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

const NAME = 'plan';
const READERS = 20;

describe('limits', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function livePath(t: TestContext): Promise<LivePath> {
    const path = await LivePath.start(await database.createDatabase(), undefined, { heldBytesPerDocument: 64 * 1024 * 1024 });
    t.after(() => path.stop());
    return path;
  }

  async function writer(t: TestContext, path: LivePath): Promise<WriterClient> {
    const client = new WriterClient(path.collab, NAME);
    t.after(() => client.close());
    await client.synced();
    return client;
  }

  it('[L1] readers that stopped reading cost a bounded memory under a flood, and catch up when they read again', async (t) => {
    const path = await livePath(t);
    const ada = await writer(t, path);
    ada.text.insert(0, 'start');
    await ada.allSaved();
    const readers = await Promise.all(Array.from({ length: READERS }, () => RawSocket.into(path.collab, NAME)));
    t.after(() => {
      for (const reader of readers) reader.close();
    });
    for (const reader of readers) {
      reader.send(syncFrame(NAME, SyncType.Step1, new Uint8Array([0])));
      await until('it is synced', () => reader.count(FrameType.Sync) > 0);
      reader.pause();
    }
    const chunk = 'x'.repeat(100_000);
    let most = 0;
    for (let edit = 0; edit < 400; edit++) {
      // Text that comes and goes: the document stays small while 40 MB pass by.
      ada.text.insert(5, chunk);
      ada.text.delete(5, chunk.length);
      ada.provider.setAwarenessField('cursor', edit);
      if (edit % 20 === 0) await ada.allSaved();
      most = Math.max(most, ...[...path.links].map((link) => link.bufferedAmount));
    }
    ada.text.insert(0, 'the end, ');
    await ada.allSaved();
    most = Math.max(most, ...[...path.links].map((link) => link.bufferedAmount));
    t.diagnostic(`most bytes buffered for one reader: ${most}`);
    assert.ok(most < SLOW_READER_BYTES + 2 * 100_000 + 64 * 1024, `${most} bytes were buffered for one reader`);

    for (const reader of readers) reader.resume();
    for (const reader of readers) {
      await until('the reader has the last edit', () => textOf(reader).startsWith('the end, start'));
      assert.equal(reader.closed, null);
    }
  });

  it('[L2] a flooder does not keep others from their acknowledgements', async (t) => {
    const path = await livePath(t);
    const ada = await writer(t, path);
    const flooder = await RawSocket.into(path.collab, 'flooded');
    t.after(() => flooder.close());
    const updates = keystrokes(5_000);
    for (const update of updates) flooder.send(syncFrame('flooded', SyncType.Update, update));
    // Acknowledged while the flood is still being worked on.
    ada.text.insert(0, 'a');
    await ada.allSaved();
    assert.ok(flooder.count(FrameType.SyncStatus) < updates.length, 'the flood is not through yet');
    await until('every edit of the flood is acknowledged', () => flooder.count(FrameType.SyncStatus) === updates.length);
  });

  it('[L3] a document past its limit refuses growth with 4413 and takes deletions', async (t) => {
    const path = await livePath(t);
    const ada = await writer(t, path);
    const closes: number[] = [];
    ada.socket.on('close', ({ event }: { event: { code: number } }) => closes.push(event.code));
    for (let part = 0; part * 500_000 <= DOCUMENT_BYTES; part++) {
      ada.text.insert(0, 'x'.repeat(500_000));
      await until('it is saved or refused', () => ada.saved || closes.length > 0);
    }
    ada.text.insert(0, 'too much');
    await until('the socket is closed', () => closes.includes(ERRORS['document-too-large'].close));
    ada.close();

    const bob = await writer(t, path);
    const before = bob.text.length;
    bob.text.delete(0, 1_000_000);
    await bob.allSaved();
    await nextTurn();
    assert.equal(bob.text.length, before - 1_000_000);
  });
});

/** What a raw socket has received of the document's text. */
function textOf(socket: RawSocket): string {
  const document = new Y.Doc();
  for (const update of socket.updates()) Y.applyUpdate(document, update);
  const paragraph = document.getXmlFragment('default').get(0) as Y.XmlElement | undefined;
  const text = (paragraph?.get(0) as Y.XmlText | undefined)?.toString() ?? '';
  document.destroy();
  return text;
}
