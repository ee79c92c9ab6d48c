import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as Y from 'yjs';
import { lackOf } from './lack.ts';

it('counts what a client lacks: all, some of it, nothing, and of clients it has not heard of', () => {
  const document = new Y.Doc();
  const text = document.getText('text');
  text.insert(0, 'hello');
  for (const letter of 'abc') text.insert(0, letter);
  const before = Y.decodeStateVector(Y.encodeStateVector(document));
  assert.deepEqual(lackOf(document, new Map()), { structs: 4, length: 8 });
  assert.deepEqual(lackOf(document, new Map([[document.clientID, 3]])), { structs: 4, length: 5 }, 'in the middle of the first');
  assert.deepEqual(lackOf(document, new Map([[document.clientID, 6]])), { structs: 2, length: 2 });
  assert.deepEqual(lackOf(document, before), { structs: 0, length: 0 });
  assert.deepEqual(lackOf(document, new Map([[document.clientID, 99]])), { structs: 0, length: 0 }, 'more than there is');
  const other = new Y.Doc();
  other.getText('text').insert(0, 'xy');
  Y.applyUpdate(document, Y.encodeStateAsUpdate(other));
  assert.deepEqual(lackOf(document, before), { structs: 1, length: 2 });
});
