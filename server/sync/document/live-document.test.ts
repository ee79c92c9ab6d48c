import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as Y from 'yjs';
import { LiveDocument } from './live-document.ts';
import { Room } from './room.ts';
import { partsAround } from './testing.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

describe('a live document', () => {
  it('keeps nothing of the bytes it was loaded from', async (t) => {
    const written = new Y.Doc();
    written.getText('default').insert(0, 'a long story');
    const open = () => {
      const snapshot = Y.encodeStateAsUpdate(written);
      const handle = { name: 'plan', id: '1', epoch: 1 };
      const loaded = { handle, snapshot, snapshotSeq: 1, updates: [], head: 1, schemaVersion: 1, clientIds: new Map() };
      return { live: new LiveDocument(new Room('plan'), loaded, partsAround()), snapshot: new WeakRef(snapshot) };
    };
    const { live, snapshot } = open();
    t.after(() => live.document.destroy());
    assert.equal((live.document as unknown as Y.Doc).getText('default').toString(), 'a long story');
    // A WeakRef holds what it was made of until the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    assert.equal(snapshot.deref(), undefined);
    assert.equal(live.bytes, Y.encodeStateAsUpdate(written).length);
  });
});
