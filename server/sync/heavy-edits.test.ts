import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { cutEdit } from '../../document/updates/cut-edit.ts';
import { readEdit } from '../../document/updates/edit.ts';
import { conversation, numbers } from '../../document/updates/testing.ts';
import { readFrameHeader } from '../../protocol/frames.ts';
import { HEAVY_BYTES } from './heavy-edits.ts';
import { Room } from './room.ts';
import { ManualLog, Onlooker, partsAround, stored } from './testing.ts';

const ROUNDS = 60;
const SMALL = { structs: 3, clocks: 7 };

/** A room with an author and a reader. `between` is called before each slice of a heavy edit. */
function scene(between: () => void = () => {}) {
  const log = new ManualLog();
  const cut = async (job: Parameters<typeof cutEdit>[0]) => {
    const done = cutEdit(job, SMALL);
    const slices = Object.assign([...done.slices], {
      *[Symbol.iterator]() {
        for (const slice of done.slices) {
          between();
          yield slice;
        }
        between();
      },
    });
    return { ...done, slices };
  };
  const room = new Room(stored(), { ...partsAround(log.writer), cut });
  const [author, reader] = [new Onlooker(), new Onlooker()];
  for (const member of [author, reader]) room.join(member);
  return { log, room, author, reader };
}

function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const document = new Y.Doc();
  for (const update of updates) Y.applyUpdate(document, update);
  return document;
}

/** The updates that somebody was sent. */
function sentTo({ frames }: Onlooker): Uint8Array[] {
  return frames.map((frame) => {
    const decoder = decoding.createDecoder(frame);
    decoder.pos = readFrameHeader(frame).bodyAt;
    // The kind of sync.
    decoding.readVarUint(decoder);
    return decoding.readVarUint8Array(decoder);
  });
}

const textOf = (document: Y.Doc) => document.getText('default').toDelta();
const admit = () => {};

/** The update that writes as much text, and one that goes on after it. */
function pasted(): { paste: Uint8Array; later: Uint8Array; text: string } {
  const document = new Y.Doc();
  const text = document.getText('default');
  text.insert(0, 'a paste of many slices');
  const paste = Y.encodeStateAsUpdate(document);
  const before = Y.encodeStateVector(document);
  text.insert(text.length, '!');
  return { paste, later: Y.encodeStateAsUpdate(document, before), text: text.toString() };
}

describe('a heavy edit', () => {
  it('is longer than what people type', () => {
    assert.ok(HEAVY_BYTES >= 16 * 1024);
  });

  it('[L4] is neither logged nor sent before all of it is there, and nobody is told that half of it is known', async () => {
    const seen: unknown[] = [];
    const { log, room, author, reader } = scene(() => {
      seen.push([
        log.appended.length,
        reader.frames.length,
        Y.decodeStateVector(room.stateVector()).size,
        room.settled !== null,
        room.busy,
      ]);
    });
    const { paste } = pasted();
    await room.receiveHeavy(paste, false, author, admit);
    assert.ok(seen.length > 3);
    assert.deepEqual(new Set(seen.map((each) => JSON.stringify(each))), new Set(['[0,0,0,true,true]']));
    assert.deepEqual([log.appended, sentTo(reader), room.settled, room.busy], [[paste], [paste], null, false]);
    assert.equal(author.frames.length, 0);
    room.destroy();
  });

  it('[L4] lets others write meanwhile, also what depends on it', async () => {
    const { paste, later, text } = pasted();
    const other = new Y.Doc();
    other.getMap('map').set('key', 'value');
    let slices = 0;
    const members = [new Onlooker(), new Onlooker()];
    const { log, room, author, reader } = scene(() => {
      slices++;
      if (slices === 2) room.receive(readEdit(Y.encodeStateAsUpdate(other), false), members[0]!);
      // The author's other tab has it already.
      if (slices === 3) room.receive(readEdit(later, false), members[1]!);
    });
    await room.receiveHeavy(paste, false, author, admit);
    for (const document of [documentOf(log.appended), documentOf(sentTo(reader)), room.read((live) => live)]) {
      assert.equal(document.getText('default').toString(), text);
      assert.equal(document.getMap('map').get('key'), 'value');
    }
    room.destroy();
  });

  it('[L4] one after another: each in its turn, and what is refused leaves nothing', async () => {
    const { log, room, author } = scene();
    const { paste, later, text } = pasted();
    const refused = room.receiveHeavy(paste, false, author, () => {
      throw new Error('no');
    });
    const [first, second] = [room.receiveHeavy(paste, false, author, admit), room.receiveHeavy(later, false, author, admit)];
    await assert.rejects(refused, /no/);
    await Promise.all([first, second]);
    assert.deepEqual(log.appended, [paste, later]);
    assert.equal(
      room.read((document) => document.getText('default').toString()),
      text,
    );
    await assert.rejects(room.receiveHeavy(paste.subarray(0, 9), false, author, admit), { code: 'malformed-update' });
    assert.equal(log.appended.length, 2);
    room.destroy();
  });

  it('[D12] of a document that is deleted meanwhile is refused', async () => {
    let deleted = false;
    const { log, room, author } = scene(() => {
      if (!deleted) room.markDeleted();
      deleted = true;
    });
    await assert.rejects(room.receiveHeavy(pasted().paste, false, author, admit), { code: 'document-deleted' });
    assert.deepEqual(log.appended, []);
    room.destroy();
  });

  it(`[L4] comes to the same in memory, in the log and for a reader, whatever is written meanwhile, ${ROUNDS} times`, async (t) => {
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
    t.diagnostic(`seed ${seed}`);
    const below = numbers(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const said = conversation(below);
      const waiting: Uint8Array[] = [];
      const { log, room, author, reader } = scene(() => {
        const next = below(3) === 0 ? waiting.shift() : undefined;
        if (next !== undefined) room.receive(readEdit(next, false), new Onlooker());
      });
      while (said.length > 0) {
        const run = said.splice(0, 1 + below(60));
        // What comes meanwhile may need what is in the slices, or come late, or twice.
        waiting.push(...run.filter(() => below(6) === 0));
        await room.receiveHeavy(Y.mergeUpdates(run), false, author, admit);
        for (const update of waiting.splice(0)) room.receive(readEdit(update, false), author);
      }
      const live = room.read((document) => document);
      assert.deepEqual(textOf(documentOf(log.appended)), textOf(live), `the log, round ${round}`);
      assert.deepEqual(textOf(documentOf(sentTo(reader))), textOf(live), `a reader, round ${round}`);
      assert.equal(live.store.pendingStructs, null);
      room.destroy();
    }
  });
});
