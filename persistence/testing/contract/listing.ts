import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DocumentStore } from '../../document-store.ts';
import { bytes, entry, type FreshDatabase, handleOf, openOne } from './fixture.ts';

export function listingContract(fresh: FreshDatabase): void {
  it('a created document is committed on return, and a name is created once', async (t) => {
    const store = await openOne(t, fresh);
    const { info, handle } = await store.create('document', { title: 'A title', update: bytes('abc'), author: 'ann' });
    assert.deepEqual(
      { ...info, createdAt: 0, updatedAt: 0 },
      {
        ...{ name: 'document', title: 'A title', version: 1, snapshotBytes: 0, logBytes: 3, updatedBy: 'ann' },
        ...{ createdAt: 0, updatedAt: 0 },
      },
    );
    assert.deepEqual(await store.info('document'), info);
    assert.deepEqual((await store.load('document')).handle, handle);
    await assert.rejects(store.create('document'), { code: 'document-exists' });
    const raced = await Promise.allSettled(Array.from({ length: 5 }, () => store.create('raced')));
    assert.equal(raced.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(await store.count(), 2);
  });

  it('lists the most recently updated first', async (t) => {
    const store = await openOne(t, fresh);
    for (const name of ['a', 'b', 'c']) await store.create(name);
    assert.deepEqual(await names(store), ['c', 'b', 'a']);
    await store.append([entry(await handleOf(store, 'a'), 'x')]);
    assert.deepEqual(await names(store), ['a', 'c', 'b']);
  });

  it('pages hold every document once, also those updated in the same instant', async (t) => {
    const store = await openOne(t, fresh);
    const handles = Array.from({ length: 25 }, (_, index) => ({ name: `document ${index}`, id: null, epoch: 1, head: 0 }));
    // One batch has one time for all of its documents.
    await store.append(handles.map((handle) => entry(handle, 'x')));
    for (const limit of [1, 7, 25, 200]) {
      const listed = await names(store, limit);
      assert.equal(listed.length, 25);
      assert.deepEqual(new Set(listed), new Set(handles.map(({ name }) => name)));
    }
  });

  it('a document updated while one pages is not listed twice', async (t) => {
    const store = await openOne(t, fresh);
    for (let index = 0; index < 6; index++) await store.create(`document ${index}`);
    const first = await store.list({ limit: 3 });
    await store.append([entry(await handleOf(store, 'document 5'), 'x'), entry(await handleOf(store, 'document 0'), 'x')]);
    const second = await store.list({ limit: 3, cursor: first.next ?? undefined });
    assert.deepEqual(
      first.items.map(({ name }) => name),
      ['document 5', 'document 4', 'document 3'],
    );
    assert.deepEqual(
      second.items.map(({ name }) => name),
      ['document 2', 'document 1'],
    );
    assert.equal(second.next, null);
  });

  it('a damaged cursor and an impossible limit are refused', async (t) => {
    const store = await openOne(t, fresh);
    for (const cursor of ['', 'x', 'MTIz', Buffer.from("1.1'; drop").toString('base64url')]) {
      await assert.rejects(store.list({ limit: 1, cursor }), { code: 'bad-request' });
    }
    for (const limit of [0, -1, 1.5, 201, Number.NaN]) await assert.rejects(store.list({ limit }), { code: 'bad-request' });
  });

  it('search leaves out case in names and titles, in any script, and takes no pattern', async (t) => {
    const store = await openOne(t, fresh);
    await store.create('Ägypten', { title: 'Reise' });
    await store.create('100%', { title: 'ΑΘΗΝΑ \0' });
    await store.append([entry({ name: 'Zürich_1', id: null, epoch: 1, head: 0 }, 'x')]);
    const found = async (search: string) => (await store.list({ limit: 10, search })).items.map(({ name }) => name);
    assert.deepEqual(await found('äGYP'), ['Ägypten']);
    assert.deepEqual(await found('REISE'), ['Ägypten']);
    assert.deepEqual(await found('αθηνα'), ['100%']);
    assert.deepEqual(await found('zÜRICH'), ['Zürich_1']);
    assert.deepEqual(await found('%'), ['100%']);
    assert.deepEqual(await found('_'), ['Zürich_1']);
    assert.deepEqual(await found('nothing \0'), []);
    assert.equal((await found('')).length, 3);
  });

  it('[A1] lists only what is within the names and prefixes asked for, whatever else is there', async (t) => {
    const store = await openOne(t, fresh);
    for (const name of [
      'team/plan',
      'team/',
      'team',
      'teams',
      'team0',
      'team/a/b',
      'own',
      'own/x',
      '%',
      'Team/plan',
      'team/\u{10ffff}',
      'a\ufffd',
    ]) {
      await store.create(name);
    }
    const within = async (names: string[], prefixes: string[], search?: string) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit: 2, cursor, search, within: { names, prefixes } });
        found.push(...page.items.map(({ name }) => name));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return found.reverse();
    };
    assert.deepEqual(await within(['own', 'none'], []), ['own']);
    assert.deepEqual(await within([], ['team/']), ['team/plan', 'team/', 'team/a/b', 'team/\u{10ffff}']);
    // What both name is listed once.
    assert.deepEqual(await within(['team/plan', 'own', 'own'], ['team/', 'team/a/']), [
      'team/plan',
      'team/',
      'team/a/b',
      'own',
      'team/\u{10ffff}',
    ]);
    assert.deepEqual(await within(['own'], ['team/'], 'plan'), ['team/plan']);
    assert.deepEqual(await within(['%'], ['%/', '_/']), ['%']);
    assert.deepEqual(await within(['a\0', 'a\ud800'], ['a\0/']), []);
    assert.deepEqual(await within([], []), []);
  });

  it('a title is found and listed once it is copied, and copying it is not an edit', async (t) => {
    const store = await openOne(t, fresh);
    const { info: before, handle } = await store.create('document');
    await store.setTitle(handle, 'Notes \ud800\0');
    const after = await store.info('document');
    assert.equal(after?.title, 'Notes \ufffd\ufffd');
    assert.deepEqual(after?.updatedAt, before.updatedAt);
    assert.equal((await store.list({ limit: 1, search: 'notes' })).items.length, 1);
    await store.setTitle({ name: 'never', id: null, epoch: 1, head: 0 }, 'x');
    assert.equal(await store.count(), 1);
  });
}

async function names(store: DocumentStore, limit = 200): Promise<string[]> {
  const listed: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ limit, cursor });
    assert.ok(page.items.length <= limit);
    listed.push(...page.items.map(({ name }) => name));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return listed;
}
