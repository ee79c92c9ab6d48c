import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import * as Y from 'yjs';
import { mergeIntoSnapshot } from '../../document/updates/snapshot.ts';
import { createMerge } from './merge.ts';
import { WorkerPool } from './pool.ts';

function updatesOf(words: number): Uint8Array[] {
  const document = new Y.Doc();
  document.clientID = 1;
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (let word = 0; word < words; word++) document.getText('default').insert(0, `${word} ${'x'.repeat(100)} `);
  document.destroy();
  return updates;
}

describe('a merge', () => {
  const pool = new WorkerPool();
  const merge = createMerge(pool);
  after(() => pool.close());

  it('of a few updates needs no thread', async () => {
    assert.deepEqual(await merge(null, updatesOf(50)), mergeIntoSnapshot(null, updatesOf(50)));
    assert.equal(pool.size, 0);
  });

  it('[D8] gives in a thread what it gives in place, small and large, several at once', async () => {
    const sizes = [1, 50, 2_000, 3_000];
    const merged = await Promise.all(sizes.map((words) => merge(null, updatesOf(words))));
    assert.equal(pool.size, 1);
    for (const [at, words] of sizes.entries()) assert.deepEqual(new Uint8Array(merged[at]!), mergeIntoSnapshot(null, updatesOf(words)));
    const updates = updatesOf(2_000);
    const half = await merge(null, updates.slice(0, 1_000));
    assert.deepEqual(await merge(half, updates.slice(1_000)), mergeIntoSnapshot(null, updates));
  });

  it('of a damaged update fails, and the next does not', async () => {
    await assert.rejects(async () => merge(null, [new Uint8Array(40_000).fill(0xff)]), /^Error: The merge failed/);
    assert.ok((await merge(null, updatesOf(1_000))).length > 0);
  });
});
