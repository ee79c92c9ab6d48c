import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lobby } from './lobby.ts';

const frame = (first: number, bytes = 1) => new Uint8Array(bytes).fill(first);

describe('the lobby', () => {
  it('hands over what waited for a document, in order, once', () => {
    const lobby = new Lobby();
    for (const first of [1, 2, 3]) assert.equal(lobby.hold('plan', frame(first)), null);
    lobby.hold('other', frame(9));
    assert.deepEqual(
      lobby.take('plan').map(([first]) => first),
      [1, 2, 3],
    );
    assert.deepEqual(lobby.take('plan'), []);
    assert.equal(lobby.take('other').length, 1);
  });

  it('[L3] holds a bounded number of bytes, frames and documents, and as many again once they are taken', () => {
    for (const [name, fill] of [
      ['bytes', (lobby: Lobby) => lobby.hold('plan', frame(0, 1024 * 1024))],
      ['frames', (lobby: Lobby) => lobby.hold('plan', frame(0))],
    ] as const) {
      const lobby = new Lobby();
      let held = 0;
      let refusal = fill(lobby);
      for (; refusal === null; refusal = fill(lobby)) assert.ok(held++ < 2_000, name);
      assert.equal(refusal, 'too-many-requests');
      assert.equal(lobby.take('plan').length, held);
      assert.equal(fill(lobby), null, name);
    }
    const lobby = new Lobby();
    let documents = 0;
    while (lobby.hold(`document ${documents}`, frame(0)) === null) assert.ok(documents++ < 200);
    assert.equal(lobby.hold('one more', frame(0)), 'too-many-documents');
    assert.equal(documents, 100);
  });
});
