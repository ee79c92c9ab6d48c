import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { mergeIntoSnapshot } from './snapshot.ts';

/** Types words one by one and returns each keystroke's update. */
function keystrokes(words: string): { updates: Uint8Array[]; text: string } {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update) => updates.push(update));
  for (const letter of words) document.getText('default').insert(document.getText('default').length, letter);
  return { updates, text: words };
}

function textOf(snapshot: Uint8Array): string {
  const document = new Y.Doc();
  Y.applyUpdate(document, snapshot);
  return document.getText('default').toString();
}

describe('a snapshot', () => {
  it('[D8] is the same whether all at once or in parts', () => {
    const { updates, text } = keystrokes('saved means saved');
    const parts = mergeIntoSnapshot(mergeIntoSnapshot(null, updates.slice(0, 5)), updates.slice(5));
    assert.equal(textOf(mergeIntoSnapshot(null, updates)), text);
    assert.equal(textOf(parts), text);
  });

  it('[D3] keeps an update whose dependency comes later', () => {
    const { updates, text } = keystrokes('abc');
    const [first, ...rest] = updates;
    const withoutFirst = mergeIntoSnapshot(null, rest);
    assert.equal(textOf(withoutFirst), '');
    assert.equal(textOf(mergeIntoSnapshot(withoutFirst, [first!])), text);
  });

  it('lets go of deleted text', () => {
    const document = new Y.Doc();
    const updates: Uint8Array[] = [];
    document.on('update', (update) => updates.push(update));
    document.getText('default').insert(0, 'x'.repeat(100_000));
    document.getText('default').delete(0, 100_000);
    assert.ok(mergeIntoSnapshot(null, updates).length < 200);
  });
});
