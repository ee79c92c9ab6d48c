import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { Connection, type Document } from '@hocuspocus/server';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import type { LogWriter } from '../../../persistence/log-writer.ts';
import { readFrameHeader } from '../../../protocol/frames.ts';
import type { RequestLike } from '../upstream.ts';
import { LiveDocument } from './live-document.ts';
import { Room } from './room.ts';
import { isSound } from './sound-update.ts';
import { conversation, numbers, partsAround } from './testing.ts';
import { readTyping } from './typing.ts';

/** A live document, what it appends to its log, and what one who reads along is sent. */
class Scene {
  readonly live: LiveDocument;
  readonly logged: Uint8Array[] = [];
  readonly reader = new Y.Doc();
  forwarded = 0;
  readonly #author: Connection;

  constructor() {
    const room = new Room('plan');
    const handle = { name: 'plan', id: '1', epoch: 1 };
    const loaded = { handle, snapshot: null, snapshotSeq: 0, updates: [], head: 0, schemaVersion: 1, clientIds: new Map() };
    const writer = { append: (_: unknown, update: Uint8Array) => this.logged.push(update), afterCommit: () => {}, pending: () => false };
    this.live = new LiveDocument(room, loaded, partsAround(writer as unknown as LogWriter));
    this.#author = this.#enter(() => {});
    this.#enter((update) => {
      this.forwarded++;
      Y.applyUpdate(this.reader, update);
    });
  }

  /** As it comes from a client: a view into what the socket received, which is used again. */
  receive(update: Uint8Array): void {
    const received = update.slice();
    const typing = readTyping(received);
    const { structs } = Y.decodeUpdate(received);
    this.live.receive({ update: received, structs, typing, isReply: false }, this.#author);
    received.fill(0);
  }

  #enter(onUpdate: (update: Uint8Array) => void): Connection {
    const socket = {
      readyState: 1,
      entered: (address: string) => ({ address, socket }),
      left: () => {},
      send: () => {},
      forwardPresence: () => {},
      forwardUpdate: (_: unknown, frame: Uint8Array) => onUpdate(updateIn(frame)),
    };
    const document = this.live.document as unknown as Document;
    return new Connection(socket as unknown as WebSocket, { url: '/' } as RequestLike, document, 'socket', {}, false);
  }
}

describe('typing that a live document relays', () => {
  it('is forwarded at once, and is there for whoever looks', async (t) => {
    const scene = new Scene();
    t.after(() => scene.live.document.destroy());
    const [begun, ...typed] = typedLetters('abc');
    scene.receive(begun!);
    for (const update of typed) scene.receive(update);
    await Promise.resolve();
    assert.equal(scene.reader.getText('default').toString(), 'abc');
    assert.equal(scene.forwarded, 1, 'what one callback brings leaves in one frame');
    assert.equal(scene.logged.length, 3);
    assert.deepEqual(inMemory(scene.live.document), 'a', 'Yjs has not seen it');
    assert.equal(
      scene.live.read((document) => document.getText('default').toString()),
      'abc',
    );
    await Promise.resolve();
    assert.equal(scene.forwarded, 1, 'applying it forwards nothing');
    assert.equal(scene.logged.length, 3, 'and logs nothing');
  });

  it('is in the state vector, in what a newcomer is sent and in an edit of the server', (t) => {
    for (const look of ['stateVector', 'joinFrames', 'differenceFrame', 'edit'] as const) {
      const scene = new Scene();
      t.after(() => scene.live.document.destroy());
      for (const update of typedLetters('abc')) scene.receive(update);
      const room = scene.live.document;
      if (look === 'stateVector') assert.deepEqual([...Y.decodeStateVector(room.stateVector()).values()], [3]);
      if (look === 'joinFrames') assert.equal(textOf(room.joinFrames('plan').slice(1).map(updateIn)), 'abc');
      if (look === 'differenceFrame') assert.equal(textOf([updateIn(room.differenceFrame('plan', Uint8Array.of(0)))]), 'abc');
      if (look === 'edit') scene.live.edit(null, (document) => document.getText('default').insert(3, 'd'));
      assert.equal(inMemory(room), look === 'edit' ? 'abcd' : 'abc');
    }
  });

  it('is applied before more of it gathers than a document should hold back', (t) => {
    const scene = new Scene();
    t.after(() => scene.live.document.destroy());
    for (const update of typedLetters('a'.repeat(100))) scene.receive(update);
    assert.ok(inMemory(scene.live.document).length > 50);
  });

  it('[S1] [D3] leaves the same document in memory, in the log and with a reader as if each edit were applied as it comes', async (t) => {
    const seed = randomInt(2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const below = numbers(seed);
    for (let round = 0; round < 20; round++) {
      const scene = new Scene();
      const reference = new Y.Doc();
      const late: Uint8Array[] = [];
      let relayed = 0;
      const receive = (update: Uint8Array) => {
        const { clients } = scene.live.document.store;
        const before = [...clients.values()].reduce((sum, structs) => sum + structs.length, 0);
        scene.receive(update);
        Y.applyUpdate(reference, update);
        if ([...clients.values()].reduce((sum, structs) => sum + structs.length, 0) === before) relayed++;
      };
      for (const update of conversation(below)) {
        assert.ok(isSound(Y.decodeUpdate(update)));
        // Some come late, some twice: what follows them is parked, and completed by them.
        if (below(20) === 0) late.push(update);
        else receive(update);
        if (below(20) === 0) receive(update);
        if (below(10) === 0 && late.length > 0) receive(late.shift()!);
        if (below(30) === 0) assert.deepEqual(scene.live.read(stateOf), stateOf(reference));
        if (below(5) === 0) await Promise.resolve();
      }
      for (const update of late) receive(update);
      await Promise.resolve();
      assert.ok(relayed > 50, `only ${relayed} were relayed`);
      assert.deepEqual(scene.live.read(stateOf), stateOf(reference));
      const replayed = new Y.Doc();
      for (const update of scene.logged) Y.applyUpdate(replayed, update);
      assert.deepEqual(stateOf(replayed), stateOf(reference));
      assert.deepEqual(stateOf(scene.reader), stateOf(reference));
      scene.live.document.destroy();
    }
  });
});

/** An update for each letter, one after the other. */
function typedLetters(letters: string): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (const typed of letters) document.getText('default').insert(document.getText('default').length, typed);
  return updates;
}

/** What the document in memory holds, without asking it to catch up. */
function inMemory(document: Room): string {
  return (document as unknown as Y.Doc).getText('default').toString();
}

function updateIn(frame: Uint8Array): Uint8Array {
  const decoder = decoding.createDecoder(frame);
  decoder.pos = readFrameHeader(frame).bodyAt;
  decoding.readVarUint(decoder);
  return decoding.readVarUint8Array(decoder);
}

function textOf(updates: readonly Uint8Array[]): string {
  const document = new Y.Doc();
  for (const update of updates) Y.applyUpdate(document, update);
  return document.getText('default').toString();
}

function stateOf(document: Y.Doc) {
  return { text: document.getText('default').toDelta(), vector: Y.decodeStateVector(Y.encodeStateVector(document)) };
}
