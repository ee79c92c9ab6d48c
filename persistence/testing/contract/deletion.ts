import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DocumentStore } from '../../document-store.ts';
import { bytes, concatenate, entry, type FreshDatabase, handleOf, open, openOne, textOf } from './fixture.ts';

export function deletionContract(fresh: FreshDatabase): void {
  it('a deleted document is gone from everything, and opening it says so', async (t) => {
    const store = await openOne(t, fresh);
    await store.create('document', { title: 'Title', update: bytes('x'), author: 'ann' });
    assert.equal(await store.delete('document'), true);
    assert.equal(await store.delete('document'), false);
    assert.equal(await store.delete('never'), false);
    assert.equal(await store.info('document'), null);
    assert.deepEqual(await store.list({ limit: 10 }), { items: [], next: null });
    assert.equal(await store.count(), 0);
    await assert.rejects(store.load('document'), { code: 'document-deleted' });
  });

  it('[D9] an append from before the delete is refused, and the rest of its batch commits', async (t) => {
    const [store, other] = await open(t, fresh, 2);
    const [gone, kept] = [await handleOf(store!, 'gone'), await handleOf(store!, 'kept')];
    const unborn = await handleOf(store!, 'unborn');
    await store!.append([entry(gone, '1'), entry(kept, '1')]);
    await other!.create('unborn');
    await other!.delete('unborn');
    await other!.delete('gone');
    const results = await store!.append([entry(gone, '2'), entry(kept, '2'), entry(unborn, '2'), entry(kept, '3')]);
    assert.deepEqual(results, [
      { status: 'deleted' },
      { status: 'committed', seq: 2 },
      { status: 'deleted' },
      { status: 'committed', seq: 3 },
    ]);
    assert.equal(await store!.count(), 1);
  });

  it('[D9] a document created again is empty, and nothing of its former life comes back', async (t) => {
    const store = await openOne(t, fresh);
    await store.create('document', { title: 'Old', update: bytes('old'), author: 'ann' });
    const old = await handleOf(store, 'document');
    await store.compact(old, concatenate);
    await store.append([entry(old, 'old tail')]);
    await store.delete('document');

    const { info } = await store.create('document');
    assert.deepEqual([info.title, info.version, info.snapshotBytes, info.logBytes, info.updatedBy], ['', 0, 0, 0, null]);
    const { handle, ...loaded } = await store.load('document');
    const empty = { snapshot: null, snapshotSeq: 0, updates: [], head: 0, schemaVersion: 1 };
    assert.deepEqual(loaded, { ...empty, clientIds: new Map(), retiredClientIds: new Set() });
    assert.ok(handle.epoch > old.epoch);

    await store.append([entry(handle, 'new')]);
    assert.deepEqual(await store.append([entry(old, 'old'), entry(handle, ' text')]), [
      { status: 'deleted' },
      { status: 'committed', seq: 2 },
    ]);
    assert.equal(await store.compact(old, concatenate), null);
    await store.setTitle(old, 'Old');
    await store.raiseSchemaVersion(old, 9);
    assert.equal((await store.load('document')).schemaVersion, 1);
    assert.equal((await store.info('document'))?.title, '');
    assert.equal(textOf(await store.load('document')), 'new text');
  });

  it('[D9] a delete among appends and compactions leaves no row that a later life could meet', async (t) => {
    const [writer, deleter] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    for (let life = 0; life < 10; life++) {
      await deleter.create('document');
      const handle = await handleOf(writer, 'document');
      const writing = (async () => {
        for (;;) {
          const [result] = await writer.append([entry(handle, `${life}`)]);
          if (result?.status === 'deleted') return;
          await writer.compact(handle, concatenate);
        }
      })();
      while ((await deleter.load('document')).head < 5);
      await deleter.delete('document');
      await writing;
    }
    await deleter.create('document');
    const again = await handleOf(writer, 'document');
    await writer.append([entry(again, 'clean')]);
    assert.equal(textOf(await writer.load('document')), 'clean');
    assert.equal((await writer.compact(again, concatenate))?.compacted, 1);
  });
}
