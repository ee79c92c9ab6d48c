import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { joinTyping } from './joined-typing.ts';
import { conversation, numbers } from './testing.ts';

/** The state after updates that are applied one by one. */
function stateOf(updates: readonly Uint8Array[]): Uint8Array {
  const document = new Y.Doc();
  for (const update of updates) Y.applyUpdate(document, update);
  return Y.encodeStateAsUpdate(document);
}

describe('typing that is joined', () => {
  it('is one update for what was typed on', () => {
    const document = new Y.Doc();
    const updates: Uint8Array[] = [];
    document.on('update', (update: Uint8Array) => updates.push(update));
    const text = document.getText('t');
    text.insert(0, 'ab');
    for (const [at, letter] of [...'cdef😀'].entries()) text.insert(1 + at, letter);
    text.delete(0, 1);
    const joined = joinTyping(updates);
    assert.equal(joined.length, 3);
    assert.deepEqual(stateOf(joined), stateOf(updates));
  });

  it('makes the document that the updates make, whoever typed where', (t) => {
    const seed = randomInt(2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const below = numbers(seed);
    for (let turn = 0; turn < 20; turn++) {
      const updates = conversation(below);
      for (let cut = 0; cut < 4; cut++) {
        const some = updates.slice(0, below(updates.length + 1));
        assert.deepEqual(stateOf(joinTyping(some)), stateOf(some));
      }
      // What depends on something that is not there waits for it, joined or not.
      const late = [...updates.slice(below(30)), ...updates.slice(0, 30)];
      assert.deepEqual(stateOf(joinTyping(late)), stateOf(late));
    }
  });

  it('leaves all else as it is', () => {
    const updates = [Uint8Array.of(0, 0), Uint8Array.of(1, 2, 3), new Uint8Array()];
    assert.deepEqual(joinTyping(updates), updates);
  });
});
