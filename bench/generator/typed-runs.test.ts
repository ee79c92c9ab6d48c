import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { readTypedRuns } from './typed-runs.ts';
import { FIRST_CLOCK, typist } from './typist.ts';

/** Letters by client, as clocks behind the opening. */
function lettersIn(update: Uint8Array): Record<number, number[]> {
  const letters: Record<number, number[]> = {};
  readTypedRuns(update, (client, clock, count) => {
    const known = letters[client] ?? [];
    letters[client] = [...known, ...Array.from({ length: count }, (_, index) => clock + index - FIRST_CLOCK)];
  });
  return letters;
}

const keys = (clientId: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => typist(clientId).keystroke(from + index));

describe('what was typed in an update', () => {
  it('is one letter for one keystroke', () => {
    assert.deepEqual(lettersIn(typist(7).keystroke(0)), { 7: [0] });
    assert.deepEqual(lettersIn(typist(7).keystroke(300)), { 7: [300] });
  });

  it('is every letter of several people when a server has merged their updates', () => {
    assert.deepEqual(lettersIn(Y.mergeUpdates([...keys(1, 4, 7), ...keys(2, 0, 2)])), { 1: [4, 5, 6], 2: [0, 1] });
  });

  it('is found among all else in the state of a whole document', () => {
    const document = new Y.Doc();
    for (const update of [typist(1).opening, ...keys(1, 0, 5), typist(300).opening, ...keys(300, 0, 2)]) Y.applyUpdate(document, update);
    const { 1: first, 300: second } = lettersIn(Y.encodeStateAsUpdate(document));
    document.destroy();
    assert.deepEqual(
      [first, second],
      [
        [-1, 0, 1, 2, 3, 4],
        [-1, 0, 1],
      ],
    );
  });
});
