import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DocumentStore } from '../../document-store.ts';
import { concatenate, entry, type FreshDatabase, handleOf, open, openOne, textOf } from './fixture.ts';

export function compactionContract(fresh: FreshDatabase): void {
  it('[D8] merges every committed update into the snapshot, and the head stays', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'document');
    assert.equal(await store.compact(handle, concatenate), null);
    await store.append(['a', 'b', 'c'].map((text) => entry(handle, text)));
    assert.deepEqual(await store.compact(handle, concatenate), { compacted: 3, snapshotSeq: 3, snapshotBytes: 3 });
    await store.append([entry(handle, 'd')]);
    const { handle: _, ...loaded } = await store.load('document');
    assert.deepEqual(loaded, {
      snapshot: Buffer.from('abc'),
      snapshotSeq: 3,
      updates: [Buffer.from('d')],
      head: 4,
      schemaVersion: 1,
      clientIds: new Map(),
      retiredClientIds: new Set(),
    });
    assert.deepEqual(await store.compact(handle, concatenate), { compacted: 1, snapshotSeq: 4, snapshotBytes: 4 });
    assert.equal(await store.compact(handle, concatenate), null);
    const info = await store.info('document');
    assert.deepEqual([info?.version, info?.snapshotBytes, info?.logBytes], [4, 4, 0]);
  });

  it('moves no time and no author: compaction is not an edit', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'document');
    await store.append([entry(handle, 'a', 'ann')]);
    const before = await store.info('document');
    await store.compact(handle, concatenate);
    const after = await store.info('document');
    assert.deepEqual([after?.updatedAt, after?.updatedBy], [before?.updatedAt, 'ann']);
  });

  it('[D8] never overwrites a newer snapshot: of two processes that compact at once, each update is merged once', async (t) => {
    const [one, two] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    const handle = await handleOf(one, 'document');
    let expected = '';
    for (let round = 0; round < 20; round++) {
      const texts = [`${round}a;`, `${round}b;`];
      await one.append(texts.map((text) => entry(handle, text)));
      expected += texts.join('');
      await Promise.all([
        one.compact(handle, concatenate),
        two.compact({ ...handle }, concatenate),
        two.compact({ ...handle }, concatenate),
      ]);
      assert.equal(textOf(await two.load('document')), expected);
    }
  });

  it('[D8] loses nothing that is appended while it merges', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'document');
    await store.append([entry(handle, 'first;')]);
    let expected = 'first;';
    let appending = true;
    const compacting = (async () => {
      let compacted = 0;
      while (appending) compacted += (await store.compact(handle, concatenate))?.compacted ?? 0;
      return compacted;
    })();
    for (let nth = 0; nth < 200; nth++) {
      await store.append([entry(handle, `${nth};`)]);
      expected += `${nth};`;
    }
    appending = false;
    assert.ok((await compacting) > 0);
    assert.equal(textOf(await store.load('document')), expected);
  });

  it('[D9] changes nothing when the document was deleted while it merged', async (t) => {
    const [one, two] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    const handle = await handleOf(one, 'document');
    await one.append([entry(handle, 'old')]);
    let deleted: Promise<unknown> = Promise.resolve();
    const result = one.compact(handle, (snapshot, updates) => {
      deleted = two.delete('document').then(() => two.create('document'));
      return concatenate(snapshot, updates);
    });
    await Promise.all([result, deleted]);
    await deleted;
    assert.equal(textOf(await two.load('document')), '');
  });

  it('[D8] a merge that fails leaves the document as it was', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'document');
    await store.append([entry(handle, 'a')]);
    const failing = () => {
      throw new RangeError('damaged');
    };
    await assert.rejects(store.compact(handle, failing), RangeError);
    assert.deepEqual((await store.load('document')).snapshot, null);
    assert.equal(textOf(await store.load('document')), 'a');
  });
}
