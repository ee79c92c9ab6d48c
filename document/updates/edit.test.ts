import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { readEdit } from './edit.ts';

/** The update that writes `text`, after what was written before. */
function typed(text: string, before?: string): Uint8Array {
  const document = new Y.Doc();
  if (before !== undefined) document.getText('default').insert(0, before);
  const known = Y.encodeStateVector(document);
  document.getText('default').insert(before?.length ?? 0, text);
  return Y.encodeStateAsUpdate(document, known);
}

describe('an edit', () => {
  it('says what it adds, and whether it does nothing but type', () => {
    const update = typed('a');
    const { structs } = Y.decodeUpdate(update);
    assert.deepEqual(readEdit(update, false), { update, grows: true, structs, typing: null, isReply: false });
    assert.deepEqual(readEdit(update, true), { update, grows: true, structs, typing: null, isReply: true });
    const letter = typed('b', 'a');
    const typing = { id: Y.decodeUpdate(letter).structs[0]?.id, length: 1 };
    assert.partialDeepStrictEqual(readEdit(letter, false), { grows: true, typing });
    // An answer may hold anything, and is asked who wrote it.
    assert.partialDeepStrictEqual(readEdit(letter, true), { typing: null });
    assert.equal(readEdit(Uint8Array.of(0, 0), false).grows, false);
  });

  it('[D2] is refused when it is cut short, at whatever byte', () => {
    const update = typed('hello');
    for (let length = 0; length < update.length; length++) {
      assert.throws(() => readEdit(update.subarray(0, length), false), { code: 'malformed-update' }, `cut at ${length}`);
    }
  });
});
