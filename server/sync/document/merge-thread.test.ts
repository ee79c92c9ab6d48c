import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { mergeIntoSnapshot } from './compaction.ts';
import { MergeThread } from './merge-thread.ts';

function updatesOf(words: number): Uint8Array[] {
  const document = new Y.Doc();
  document.clientID = 1;
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (let word = 0; word < words; word++) document.getText('default').insert(0, `${word} ${'x'.repeat(100)} `);
  document.destroy();
  return updates;
}

describe('the merge thread', () => {
  it('[D8] merges as it is done in place, small and large, several at once', async () => {
    const thread = new MergeThread();
    const sizes = [1, 50, 2_000, 3_000];
    const merged = await Promise.all(sizes.map((words) => thread.merge(null, updatesOf(words))));
    for (const [at, words] of sizes.entries()) assert.deepEqual(new Uint8Array(merged[at]!), mergeIntoSnapshot(null, updatesOf(words)));
    const updates = updatesOf(2_000);
    const half = await thread.merge(null, updates.slice(0, 1_000));
    assert.deepEqual(await thread.merge(half, updates.slice(1_000)), mergeIntoSnapshot(null, updates));
    await thread.close();
  });

  it('says so when an update is damaged, and goes on', async () => {
    const thread = new MergeThread();
    await assert.rejects(thread.merge(null, [new Uint8Array(40_000).fill(0xff)]));
    assert.ok((await thread.merge(null, updatesOf(1_000))).length > 0);
    await thread.close();
  });

  it('refuses what is under way when it is closed, and starts anew when asked again', async () => {
    const thread = new MergeThread();
    const under = assert.rejects(thread.merge(null, updatesOf(2_000)), /ended/);
    await thread.close();
    await under;
    assert.ok((await thread.merge(null, updatesOf(1_000))).length > 0);
    await thread.close();
  });
});
