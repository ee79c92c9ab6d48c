import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import * as Y from 'yjs';
import { createCut } from './cut.ts';
import { WorkerPool } from './pool.ts';

const KNOWN: ReadonlyMap<number, number> = new Map();

function pasted(length: number): Uint8Array {
  const document = new Y.Doc();
  document.getText('default').insert(0, 'x'.repeat(length));
  return Y.encodeStateAsUpdate(document);
}

function lengthOf(slices: readonly Uint8Array[]): number {
  const document = new Y.Doc();
  for (const slice of slices) Y.applyUpdate(document, slice);
  return document.getText('default').length;
}

describe('the check of a heavy edit', () => {
  const pool = new WorkerPool();
  const cut = createCut(pool);
  after(() => pool.close());

  it('[L4] cuts in place what is pasted before there is a thread, and in threads what is larger or comes later', async () => {
    const first = await cut({ update: pasted(20_000), known: KNOWN });
    assert.ok(first.update.buffer instanceof ArrayBuffer, 'in place');
    assert.equal(lengthOf(first.slices), 20_000);
    const large = pasted(1_000_000);
    const { update, slices, grows, structs, isPartial } = await cut({ update: large, known: KNOWN });
    assert.deepEqual([large.length, grows, isPartial, structs.length], [0, true, false, 1], 'its bytes are handed over');
    assert.ok(update.buffer instanceof SharedArrayBuffer);
    assert.ok(slices.length > 10);
    assert.equal(lengthOf(slices), 1_000_000);
    assert.equal((await cut({ update, known: KNOWN, leftOut: new Map([[structs[0]!.id.client, 2_000_000]]) })).slices.length, 0);
    // Once the thread that the first has asked for is there.
    let later = first;
    while (later.update.buffer instanceof ArrayBuffer) {
      await new Promise((resolve) => setImmediate(resolve));
      later = await cut({ update: pasted(20_000), known: KNOWN });
    }
    assert.equal(lengthOf(later.slices), 20_000);
  });

  it('[D2] refuses what is damaged, in place and in a thread', async () => {
    for (const update of [pasted(20_000).subarray(0, 15_000).slice(), pasted(1_000_000).subarray(0, 500_000).slice()]) {
      await assert.rejects(cut({ update, known: KNOWN }), { code: 'malformed-update' });
    }
  });
});
