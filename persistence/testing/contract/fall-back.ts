import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as Y from 'yjs';
import type { DocumentStore } from '../../document-store.ts';
import { bytes, concatenate, entry, type FreshDatabase, handleOf, open, openOne, textOf } from './fixture.ts';

/** What a store knows of times before: earlier lives of a name, and a log that is not where it was. */
export function fallBackContract(fresh: FreshDatabase): void {
  it('[D12] keeps the client ids of a deleted document for its name, from snapshot, tail and claims', async (t) => {
    const store = await openOne(t, fresh);
    const people = Array.from({ length: 3 }, () => new Y.Doc());
    for (const person of people) person.getText('default').insert(0, 'x');
    const [first, second, parked] = people.map((person) => person.clientID);
    people[2]!.getText('default').insert(1, 'y');
    const { handle } = await store.create('plan', { update: Y.encodeStateAsUpdate(people[0]!), clientId: first! });
    await store.compact(handle, concatenate);
    const late = Y.encodeStateAsUpdate(people[2]!, Uint8Array.of(1, ...varUint(parked!), 1));
    handle.claimed = new Map([[77, 'ann']]);
    await store.append([
      { handle, update: Y.encodeStateAsUpdate(people[1]!), author: 'ann' },
      { handle, update: late, author: null },
    ]);
    assert.equal((await store.load('plan')).retiredClientIds.size, 0);
    await store.delete('plan');
    await store.create('plan');
    const retired = [...(await store.load('plan')).retiredClientIds].sort();
    assert.deepEqual(retired, [first!, second!, parked!, 77].sort());
    await store.delete('plan');
    await store.create('plan');
    assert.equal((await store.load('plan')).retiredClientIds.size, 4, 'for ever');
    assert.equal((await store.load('other')).retiredClientIds.size, 0);
  });

  it('[D12] misses no client id of an append that is under way while the document is deleted', async (t) => {
    const [writer, deleter] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    for (let round = 0; round < 10; round++) {
      const name = `plan ${round}`;
      const { handle } = await writer.create(name);
      const taken: number[] = [];
      const writing = (async () => {
        for (;;) {
          const person = new Y.Doc();
          person.getText('default').insert(0, 'x');
          const [result] = await writer.append([{ handle, update: Y.encodeStateAsUpdate(person), author: null }]);
          if (result?.status !== 'committed') return;
          taken.push(person.clientID);
        }
      })();
      while (((await deleter.info(name))?.version ?? 0) < 3);
      await deleter.delete(name);
      await writing;
      await deleter.create(name);
      assert.deepEqual([...(await deleter.load(name)).retiredClientIds].sort(), taken.sort());
    }
  });

  it('[D13] tells an append to a document that is not there from one to a document that was deleted', async (t) => {
    const [store, other] = (await open(t, fresh, 2)) as [DocumentStore, DocumentStore];
    const { handle: deleted } = await store.create('deleted');
    const { handle: here } = await store.create('here');
    await other.delete('deleted');
    // Handles whose document the database has lost, or whose id it has given to another.
    const lost = { name: 'lost', id: '123456', epoch: 1, head: 4 };
    const mistaken = { name: 'mistaken', id: here.id, epoch: 1, head: 4 };
    const before = { ...here, epoch: here.epoch + 1 };
    for (const handle of [lost, mistaken, before]) {
      assert.deepEqual(await store.append([entry(handle, 'x')]), [{ status: 'missing' }], handle.name);
    }
    assert.deepEqual(await store.append([entry(deleted, 'x'), entry(here, 'x'), entry(lost, 'x'), entry(mistaken, 'x')]), [
      { status: 'deleted' },
      { status: 'committed', seq: 1 },
      { status: 'missing' },
      { status: 'missing' },
    ]);
    assert.deepEqual(await store.heads([here, deleted, lost, mistaken, before]), [1, 'deleted', 'missing', 'missing', 'missing']);
    assert.equal(textOf(await store.load('here')), 'x', 'nothing of others is in its log');
  });

  it('[D13] gives a document that was lost its row back, in its life and no earlier one', async (t) => {
    const store = await openOne(t, fresh);
    const lost = { name: 'lost', id: '123456' as string | null, epoch: 3, head: 9 };
    const again = await store.reclaim(lost);
    assert.deepEqual([lost.epoch, lost.head, again.updates], [3, 0, []]);
    assert.deepEqual(await store.append([entry(lost, 'x')]), [{ status: 'committed', seq: 1 }]);

    // The database fell back to before a delete: what it holds is of the life that was deleted.
    const { handle } = await store.create('former', { update: bytes('of the former life') });
    const later = { ...handle, epoch: handle.epoch + 1, head: 5 };
    const reclaimed = await store.reclaim(later);
    assert.deepEqual([textOf(reclaimed), later.head], ['', 0]);
    assert.deepEqual(await store.append([entry(later, 'of this one')]), [{ status: 'committed', seq: 1 }]);
    assert.equal(textOf(await store.load('former')), 'of this one');

    // What is there already stays, and a later life is not touched.
    const { handle: kept } = await store.create('kept', { update: bytes('x') });
    assert.equal(textOf(await store.reclaim(kept)), 'x');
    await store.delete('kept');
    await assert.rejects(store.reclaim(kept), { code: 'document-deleted' });
  });

  it('reads what was written after a version as one list, whether a compaction packed it or not', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'plan');
    const all: string[] = [];
    const write = async (...texts: readonly string[]) => {
      await store.append(texts.map((text) => entry(handle, text, `author of ${text}`)));
      all.push(...texts);
    };
    await write('a', 'b', 'c');
    await store.compact(handle, concatenate);
    await write('d', 'e');
    await store.compact(handle, concatenate);
    await write('f', 'g', 'h');
    const readAll = async (after: number, limit?: number) => {
      const read: string[] = [];
      let seq = after;
      for (;;) {
        const page = await store.updatesAfter(handle, seq, limit);
        if (page.length === 0) return read;
        for (const update of page) {
          assert.equal(update.seq, ++seq);
          assert.equal(update.author, `author of ${Buffer.from(update.data)}`);
          assert.ok(Math.abs(Date.now() - update.at) < 60_000);
          read.push(Buffer.from(update.data).toString());
        }
      }
    };
    for (let after = 0; after <= all.length; after++) {
      assert.deepEqual(await readAll(after), all.slice(after));
      assert.deepEqual(await readAll(after, 1), all.slice(after));
    }
    const unread = { name: 'plan', id: null, epoch: handle.epoch, head: 0 };
    assert.equal((await store.updatesAfter(unread, 0)).length > 0, true, 'a handle of before the first edit reads as well');
    await store.delete('plan');
    assert.deepEqual(await store.updatesAfter(handle, 0), []);
    assert.deepEqual(await store.updatesAfter(unread, 0), []);
  });
}

/** lib0's varUint. */
function varUint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest];
    out.push((rest % 128) | 128);
  }
}
