import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { isSound } from './sound-update.ts';
import { conversation, mutated, numbers } from './testing.ts';
import { readTyping, type Typing } from './typing.ts';

const MUTANTS = 20_000;

/** The update that one change to a document with text in it makes. */
function change(edit: (text: Y.Text, document: Y.Doc) => void): Uint8Array {
  const document = new Y.Doc();
  document.clientID = 7;
  const text = document.getText('default');
  text.insert(0, 'abc');
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  document.transact(() => edit(text, document));
  assert.equal(updates.length, 1);
  return updates[0]!;
}

describe('an update that only types', () => {
  const id = { client: 7, clock: 3 };
  const between = { origin: { client: 7, clock: 0 }, rightOrigin: { client: 7, clock: 1 } };
  const typings: Record<string, [number, string, Omit<Typing, 'id' | 'text' | 'textAt'>]> = {
    'at the end': [3, 'd', { length: 1, origin: { client: 7, clock: 2 }, rightOrigin: null }],
    'at the beginning': [0, 'd', { length: 1, origin: null, rightOrigin: { client: 7, clock: 0 } }],
    'in the middle': [1, 'zwei Wörter', { length: 11, ...between }],
    'an emoji, two code units': [1, '😀', { length: 2, ...between }],
  };
  for (const [where, [at, typed, typing]] of Object.entries(typings)) {
    it(`is read: ${where}`, () => {
      const update = change((text) => text.insert(at, typed));
      const { textAt, ...read } = readTyping(update)!;
      assert.deepEqual(read, { id, text: typed, ...typing });
      assert.equal(decoding.readVarString(decoding.createDecoder(update.subarray(textAt))), typed);
    });
  }

  const others: Record<string, (text: Y.Text, document: Y.Doc) => void> = {
    'deletes as well': (text) => {
      text.insert(3, 'd');
      text.delete(0, 1);
    },
    'only deletes': (text) => text.delete(0, 1),
    formats: (text) => text.insert(3, 'd', { bold: true }),
    'types in two places': (text) => {
      text.insert(0, 'd');
      text.insert(4, 'e');
    },
    'begins a text': (_, document) => document.getText('other').insert(0, 'd'),
    'sets a value': (_, document) => document.getMap('meta').set('title', 'd'),
    embeds: (text) => text.insertEmbed(1, { image: 'x' }),
    'pastes a page': (text) => text.insert(1, 'd'.repeat(2_000)),
    'has no effect': (text) => {
      text.insert(1, 'd');
      text.delete(1, 1);
    },
  };
  for (const [what, edit] of Object.entries(others)) {
    it(`is not one that does anything else: ${what}`, () => assert.equal(readTyping(change(edit)), null));
  }

  it('[D2] is whole: one that is cut off, goes on or names a number past 2^53 is none', () => {
    const update = change((text) => text.insert(1, 'word'));
    for (let length = 0; length < update.length; length++) assert.equal(readTyping(update.subarray(0, length)), null);
    assert.equal(readTyping(Buffer.concat([update, Uint8Array.of(0)])), null);
    // Clock 2^53 - 1, where `update` has 3.
    const late = Buffer.concat([update.subarray(0, 3), Buffer.from('ffffffffffffff0f', 'hex'), update.subarray(4)]);
    assert.equal(Y.decodeUpdate(late).structs[0]?.id.clock, Number.MAX_SAFE_INTEGER);
    assert.equal(readTyping(late), null);
  });

  it(`[D2] is what Yjs decodes, and sound, whatever of ${MUTANTS} mutants is read`, (t) => {
    const seed = randomInt(2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const below = numbers(seed);
    const recorded = conversation(below);
    let read = 0;
    for (let nth = 0; nth < MUTANTS; nth++) {
      const mutant = mutated(recorded, below);
      const typing = readTyping(mutant);
      if (typing === null) continue;
      read++;
      const decoded = Y.decodeUpdate(mutant);
      assert.ok(isSound(decoded));
      assert.equal(decoded.ds.clients.size, 0);
      const [struct, ...more] = decoded.structs;
      assert.ok(struct instanceof Y.Item && struct.content instanceof Y.ContentString && more.length === 0);
      const { id, length, origin, rightOrigin, parentSub } = struct;
      assert.deepEqual([id, length, origin, rightOrigin].map(plain), [typing.id, typing.length, typing.origin, typing.rightOrigin]);
      assert.equal(parentSub, null);
    }
    assert.ok(read > MUTANTS / 50, `only ${read} were read`);
  });
});

/** A Yjs ID as an object of ours. */
function plain(value: Y.ID | number | null) {
  return value !== null && typeof value === 'object' ? { client: value.client, clock: value.clock } : value;
}
