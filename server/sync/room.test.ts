import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { readEdit } from '../../document/updates/edit.ts';
import { presenceUpdate } from '../../protocol/awareness-update.ts';
import { Room } from './room.ts';
import { presenceFrame } from './room-frames.ts';
import { ManualLog, Onlooker, partsAround, person, stored } from './testing.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const MAX_PRESENCE_BYTES = 1_000;

describe('a room', () => {
  let room: Room;
  afterEach(() => room.destroy());

  function gather(people: number): [Onlooker, ...Onlooker[]] {
    room = new Room(stored(), partsAround());
    const members = Array.from({ length: people }, () => new Onlooker());
    for (const member of members) room.join(member);
    return members as [Onlooker, ...Onlooker[]];
  }

  function edit(author: Onlooker): void {
    const document = new Y.Doc();
    document.getText('default').insert(0, 'a');
    room.receive(readEdit(Y.encodeStateAsUpdate(document), false), author);
  }

  /** Somebody who moves a caret. */
  function speaker(member: Onlooker) {
    const presence = room.presence.join(member, MAX_PRESENCE_BYTES);
    let clock = 0;
    return (state: unknown) => room.presence.receive(presence, presenceUpdate(7, ++clock, Buffer.from(JSON.stringify(state))));
  }

  it('sends an edit to everyone but its author', async () => {
    const [author, reader] = gather(2);
    edit(author);
    await Promise.resolve();
    assert.deepEqual([author.received, reader?.received], [[], ['text']]);
  });

  it('sends presence that waits along with text, when there are many people', async (t) => {
    // A busy machine lets the window pass between two lines.
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const [author, ...readers] = gather(20);
    speaker(author)({ user: { name: 'Ada' } });
    assert.deepEqual(author.received, [], 'it is gathered for a while');
    edit(author);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(author.received, ['presence']);
    for (const { received } of readers) assert.deepEqual(received, ['text', 'presence']);
  });

  it('[L2] gathers the presence of whoever sends it faster than a screen shows it, in a small room too', async () => {
    const [author, reader] = gather(2);
    const say = speaker(author);
    const said = 500;
    for (let caret = 0; caret < said; caret++) {
      say({ caret });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const shown = reader?.received.length ?? 0;
    assert.ok(shown > 0 && shown < said, `${shown} of ${said}`);
  });

  it('makes no awareness before somebody speaks', () => {
    const [author] = gather(1);
    const awareness = () => room.presence.awareness;
    assert.equal(awareness(), null);
    assert.equal(presenceFrame(room, author), null);
    speaker(author)({ user: { name: 'Ada' } });
    assert.equal(awareness()?.getStates().size, 1);
  });

  it('logs whatever changes its document from within, under a client id that is claimed for the server', () => {
    const log = new ManualLog();
    const doc = new Y.Doc();
    const loaded = stored();
    room = new Room(loaded, partsAround(log.writer), { doc, awareness: silent(doc) });
    doc.getText('default').insert(0, 'an extension was here');
    assert.equal(log.appended.length, 1);
    assert.deepEqual([...(loaded.handle.claimed ?? [])], [[doc.clientID, '']]);
  });

  it('takes what somebody else has committed, sends it on and does not log it again', async () => {
    const log = new ManualLog();
    room = new Room(stored(), partsAround(log.writer));
    const reader = new Onlooker();
    room.join(reader);
    const elsewhere = new Y.Doc();
    elsewhere.getText('default').insert(0, 'from another node');
    const update = Y.encodeStateAsUpdate(elsewhere);
    room.receiveCommitted([update]);
    await Promise.resolve();
    assert.equal(
      room.read((document) => document.getText('default').toString()),
      'from another node',
    );
    assert.deepEqual([reader.received, log.appended], [['text'], []]);
    assert.equal(room.log.bytes, update.length);
  });

  it('[D12] refuses what was written in an earlier life of its name, whoever brings it', () => {
    const before = new Y.Doc();
    before.getText('default').insert(0, 'from before');
    room = new Room(stored({ retiredClientIds: new Set([before.clientID]) }), partsAround());
    for (const identity of [person('ada'), person('ada', { verified: true })]) {
      for (const isReply of [true, false]) {
        const update = readEdit(Y.encodeStateAsUpdate(before), isReply);
        assert.throws(() => room.receive(update, new Onlooker(identity)), { code: 'document-deleted' });
      }
    }
    assert.equal(
      room.read((document) => document.getText('default').length),
      0,
    );
  });

  it('[D13] knows what the log has lost, and claims its client ids anew', async () => {
    const kept = new Y.Doc();
    kept.getText('default').insert(0, 'one ');
    const known = Y.encodeStateAsUpdate(kept);
    const log = new ManualLog();
    const parts = partsAround(log.writer);
    const loaded = stored({ updates: [known], clientIds: new Map([[5, 'ada']]) });
    room = new Room(loaded, { ...parts, store: { ...parts.store, reclaim: async () => stored({ updates: [known] }) } });
    kept.getText('default').insert(4, 'two');
    room.receive(readEdit(Y.encodeStateAsUpdate(kept, Y.encodeStateVectorFromUpdate(known)), false), new Onlooker());
    const lost = await room.lostUpdates();
    const reader = new Y.Doc();
    for (const update of [known, ...lost]) Y.applyUpdate(reader, update);
    assert.equal(reader.getText('default').toString(), 'one two');
    assert.equal(loaded.handle.claimed?.get(5), 'ada');
  });

  it('keeps nothing of the bytes it was loaded from', async () => {
    const written = new Y.Doc();
    written.getText('default').insert(0, 'a long story');
    const open = () => {
      const snapshot = Y.encodeStateAsUpdate(written);
      room = new Room(stored({ snapshot, snapshotSeq: 1 }), partsAround());
      return new WeakRef(snapshot);
    };
    const snapshot = open();
    assert.equal(
      room.read((document) => document.getText('default').toString()),
      'a long story',
    );
    // A WeakRef holds what it was made of until the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    assert.equal(snapshot.deref(), undefined);
    assert.equal(room.log.bytes, Y.encodeStateAsUpdate(written).length);
  });
});

function silent(doc: Y.Doc): Awareness {
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  return awareness;
}
