import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { readEdit } from '../../document/updates/edit.ts';
import { isSound } from '../../document/updates/sound-update.ts';
import { conversation, numbers } from '../../document/updates/testing.ts';
import { readFrameHeader } from '../../protocol/frames.ts';
import { Room } from './room.ts';
import { differenceFrame, joinFrames } from './room-frames.ts';
import { ManualLog, Onlooker, partsAround, stored } from './testing.ts';

const WHO = new Onlooker();

/** A room, what it appends to its log, and what one who reads along is sent. */
class Scene {
  readonly log = new ManualLog();
  readonly room = new Room(stored(), partsAround(this.log.writer));
  readonly reader = new Y.Doc();
  readonly #author = new Onlooker();
  readonly #reader = new Onlooker();

  constructor() {
    this.room.join(this.#author);
    this.room.join(this.#reader);
  }

  get logged(): Uint8Array[] {
    return this.log.appended;
  }

  get forwarded(): number {
    return this.#reader.frames.length;
  }

  /** What the reader reads. */
  get read(): Y.Doc {
    for (const frame of this.#reader.frames.slice(this.#applied)) Y.applyUpdate(this.reader, updateIn(frame));
    this.#applied = this.#reader.frames.length;
    return this.reader;
  }
  #applied = 0;

  /** Receives an update as it comes from a client: a view into what the link received, which is used again. */
  receive(update: Uint8Array): void {
    const received = update.slice();
    this.room.receive(readEdit(received, false), this.#author);
    received.fill(0);
  }

  /** What the document in memory holds, without asking it to catch up. */
  get inMemory(): Y.Doc {
    return this.#doc;
  }
  readonly #doc: Y.Doc = this.room.read((document) => document);
}

describe('typing that a room relays', () => {
  it('is forwarded at once, and is there for whoever looks', async (t) => {
    const scene = new Scene();
    t.after(() => scene.room.destroy());
    const [begun, ...typed] = typedLetters('abc');
    scene.receive(begun!);
    for (const update of typed) scene.receive(update);
    await Promise.resolve();
    assert.equal(scene.read.getText('default').toString(), 'abc');
    assert.equal(scene.forwarded, 1, 'what one callback brings leaves in one frame');
    assert.equal(scene.logged.length, 3);
    assert.deepEqual(inMemory(scene), 'a', 'Yjs has not seen it');
    assert.equal(
      scene.room.read((document) => document.getText('default').toString()),
      'abc',
    );
    await Promise.resolve();
    assert.equal(scene.forwarded, 1, 'applying it forwards nothing');
    assert.equal(scene.logged.length, 3, 'and logs nothing');
  });

  it('is in the state vector, in what a newcomer is sent and in an edit of the server', (t) => {
    for (const look of ['stateVector', 'joinFrames', 'differenceFrame', 'edit'] as const) {
      const scene = new Scene();
      t.after(() => scene.room.destroy());
      for (const update of typedLetters('abc')) scene.receive(update);
      const { room } = scene;
      if (look === 'stateVector') assert.deepEqual([...Y.decodeStateVector(room.stateVector()).values()], [3]);
      if (look === 'joinFrames') assert.equal(textOf(joinFrames(room, WHO).slice(1).map(updateIn)), 'abc');
      if (look === 'differenceFrame') assert.equal(textOf([updateIn(differenceFrame(room, WHO, Uint8Array.of(0)))]), 'abc');
      if (look === 'edit') scene.room.edit(null, (document) => document.getText('default').insert(3, 'd'));
      assert.equal(inMemory(scene), look === 'edit' ? 'abcd' : 'abc');
    }
  });

  it('is applied before more of it gathers than a document should hold back', (t) => {
    const scene = new Scene();
    t.after(() => scene.room.destroy());
    for (const update of typedLetters('a'.repeat(100))) scene.receive(update);
    assert.ok(inMemory(scene).length > 50);
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
        const { clients } = scene.inMemory.store;
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
        if (below(30) === 0) assert.deepEqual(scene.room.read(stateOf), stateOf(reference));
        if (below(5) === 0) await Promise.resolve();
      }
      for (const update of late) receive(update);
      await Promise.resolve();
      assert.ok(relayed > 50, `only ${relayed} were relayed`);
      assert.deepEqual(scene.room.read(stateOf), stateOf(reference));
      const replayed = new Y.Doc();
      for (const update of scene.logged) Y.applyUpdate(replayed, update);
      assert.deepEqual(stateOf(replayed), stateOf(reference));
      assert.deepEqual(stateOf(scene.read), stateOf(reference));
      scene.room.destroy();
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

function inMemory(scene: Scene): string {
  return scene.inMemory.getText('default').toString();
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
