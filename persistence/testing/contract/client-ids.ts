import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SERVER_SUB } from '../../../protocol/identity.ts';
import type { DocumentHandle, DocumentStore } from '../../document-store.ts';
import { bytes, entry, type FreshDatabase, handleOf, open, openOne } from './fixture.ts';

export function clientIdsContract(fresh: FreshDatabase): void {
  const owners = async (store: DocumentStore, name: string) => new Map([...(await store.load(name)).clientIds].sort(([a], [b]) => a - b));

  it('[P1] a client id is committed with the update written under it, and no other document knows of it', async (t) => {
    const [store, other] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    const [plan, notes] = [await handleOf(store, 'plan'), await handleOf(store, 'notes')];
    // The first edit of a document makes its row.
    claim(plan, 'ann', 1, 2 ** 32 - 1, 2 ** 53 - 2);
    await store.append([entry(notes, 'x'), entry(plan, 'x', 'ann')]);
    claim(plan, 'bob', 7);
    claim(notes, 'bob', 1);
    await store.append([entry(plan, 'y', 'bob'), entry(notes, 'y', 'bob')]);
    assert.deepEqual(
      await owners(other, 'plan'),
      new Map([
        [1, 'ann'],
        [7, 'bob'],
        [2 ** 32 - 1, 'ann'],
        [2 ** 53 - 2, 'ann'],
      ]),
    );
    assert.deepEqual(await owners(other, 'notes'), new Map([[1, 'bob']]));
    assert.deepEqual([plan.claimed?.size, notes.claimed?.size], [0, 0], 'they are not sent again');
  });

  it('[P1] what was claimed while a batch was on its way goes with the next', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'document');
    claim(handle, 'ann', 1);
    const appending = store.append([entry(handle, 'x')]);
    claim(handle, 'ann', 2);
    await appending;
    assert.deepEqual(await owners(store, 'document'), new Map([[1, 'ann']]));
    await store.append([entry(handle, 'y')]);
    assert.deepEqual([...(await owners(store, 'document')).keys()], [1, 2]);
  });

  it('[P1] of two nodes that claim an id at once the first commit wins, and stays', async (t) => {
    const [one, two] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    const ids = Array.from({ length: 50 }, (_, id) => id);
    const handles = [await handleOf(one, 'document'), await handleOf(two, 'document')] as const;
    claim(handles[0], 'ann', ...ids);
    claim(handles[1], 'bob', ...ids);
    await Promise.all([one.append([entry(handles[0], 'x')]), two.append([entry(handles[1], 'y')])]);
    const first = new Set((await owners(one, 'document')).values());
    assert.equal(first.size, 1, 'nobody got a part');
    claim(handles[0], 'eve', ...ids);
    await one.append([entry(handles[0], 'z')]);
    const { clientIds } = await two.load('document');
    assert.deepEqual(new Set(clientIds.values()), first);
    assert.equal(clientIds.size, ids.length);
  });

  it('[P1] an id that is claimed ahead of its first edit is one person’s, whichever nodes ask at once', async (t) => {
    const stores = await open(t, fresh, 3);
    const handles = await Promise.all(stores.map((store) => handleOf(store, 'not written yet')));
    const answers = await Promise.all(stores.map((store, at) => store.claimClientIds(handles[at]!, [5, 6 + at], `sub ${at}`)));
    const [winner] = new Set(answers.map((owners) => owners.get(5)));
    for (const [at, owners] of answers.entries()) {
      assert.equal(owners.get(5), winner, 'everybody is told the same');
      assert.equal(owners.get(6 + at), `sub ${at}`);
      assert.equal(handles[at]!.id, handles[0]!.id);
    }
    assert.equal((await owners(stores[0]!, 'not written yet')).get(5), winner);
    await stores[0]!.delete('not written yet');
    assert.deepEqual(await stores[1]!.claimClientIds(handles[1]!, [9], 'late'), new Map(), 'a deleted document owns nothing');
  });

  it('[P1] two handles of a document in one batch claim for both, and a sub may hold anything', async (t) => {
    const store = await openOne(t, fresh);
    const subs = ['a,b', '{}', '"', '\\', 'NULL', '__proto__', "'; drop table client_ids; --", '文', 'auth0|5f7c8ec7'];
    const [first, second] = [await handleOf(store, 'document'), await handleOf(store, 'document')];
    for (const [id, sub] of subs.entries()) claim(id % 2 === 0 ? first : second, sub, id);
    await store.append([entry(first, 'x'), entry(second, 'x')]);
    assert.deepEqual(await owners(store, 'document'), new Map(subs.entries()));
  });

  it('[P1] a batch that failed is sent again with its claims', async (t) => {
    const [store, closed] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    await closed.close();
    const handle = await handleOf(store, 'document');
    claim(handle, 'ann', 1);
    await assert.rejects(closed.append([entry(handle, 'x')]), { code: 'database-unavailable' });
    await store.append([entry(handle, 'x')]);
    assert.deepEqual(await owners(store, 'document'), new Map([[1, 'ann']]));
  });

  it('[P1] the id that a document was created under is the server’s', async (t) => {
    const store = await openOne(t, fresh);
    await store.create('document', { update: bytes('x'), author: 'ann', clientId: 9 });
    assert.deepEqual(await owners(store, 'document'), new Map([[9, SERVER_SUB]]));
    await store.create('empty');
    assert.deepEqual(await owners(store, 'empty'), new Map());
  });

  it('[D9] [P1] a deleted document owns nothing, and a stale append claims nothing in its next life', async (t) => {
    const store = await openOne(t, fresh);
    await store.create('document', { update: bytes('x'), clientId: 9 });
    const old = await handleOf(store, 'document');
    claim(old, 'ann', 1);
    await store.append([entry(old, 'x')]);
    await store.delete('document');
    await store.create('document');
    claim(old, 'ann', 2);
    assert.deepEqual(await store.append([entry(old, 'x')]), [{ status: 'deleted' }]);
    assert.deepEqual(await owners(store, 'document'), new Map());
  });
}

/** Claims client ids as a room does before it appends. */
function claim(handle: DocumentHandle, sub: string, ...ids: number[]): void {
  handle.claimed ??= new Map();
  for (const id of ids) handle.claimed.set(id, sub);
}
