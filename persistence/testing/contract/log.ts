import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DocumentStore } from '../../document-store.ts';
import { bytes, concatenate, entry, type FreshDatabase, handleOf, open, openOne, seeded, shuffle, textOf } from './fixture.ts';

const NAMES = [
  'a',
  ' spaced ',
  'a,b',
  '{x}',
  '"quoted"',
  "it's",
  'back\\slash',
  'NULL',
  '%_',
  'a/b/../c',
  'ﬁ',
  'Ä',
  'A\u0308',
  '文書',
  '👩‍👩‍👧',
  'x'.repeat(255),
];

export function logContract(fresh: FreshDatabase): void {
  it('looking at a document leaves nothing behind', async (t) => {
    const store = await openOne(t, fresh);
    assert.deepEqual(await store.load('never'), {
      handle: { name: 'never', id: null, epoch: 1, head: 0 },
      snapshot: null,
      snapshotSeq: 0,
      updates: [],
      head: 0,
      schemaVersion: 1,
      clientIds: new Map(),
      retiredClientIds: new Set(),
    });
    assert.equal(await store.info('never'), null);
    assert.equal(await store.count(), 0);
  });

  it('a schema version is raised and never lowered, and belongs to one life of the document', async (t) => {
    const [store, other] = await open(t, fresh, 2);
    await store!.create('document', { update: bytes('x') });
    const handle = await handleOf(store!, 'document');
    for (const [version, then] of [
      [3, 3],
      [2, 3],
    ] as const) {
      await store!.raiseSchemaVersion(handle, version);
      assert.equal((await other!.load('document')).schemaVersion, then);
    }
    await store!.delete('document');
    await store!.create('document');
    assert.equal((await other!.load('document')).schemaVersion, 1);
  });

  it('[D4] what was appended is read back by another process, byte for byte and in order', async (t) => {
    const [store, other] = await open(t, fresh, 2);
    const updates = [
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      new Uint8Array(),
      new Uint8Array(1_000_000).fill(0xff),
      bytes('x'),
    ];
    const handle = await handleOf(store!, 'document');
    const results = await store!.append(updates.map((update) => ({ handle, update, author: null })));
    assert.deepEqual(
      results,
      [1, 2, 3, 4].map((seq) => ({ status: 'committed', seq })),
    );
    const loaded = await other!.load('document');
    assert.deepEqual(
      loaded.updates.map((update) => new Uint8Array(update)),
      updates,
    );
    assert.equal(loaded.head, 4);
    assert.deepEqual(loaded.handle, { ...handle, head: 4 });
  });

  it('seq is gapless for each document of a batch, however entries are mixed', async (t) => {
    const store = await openOne(t, fresh);
    const [a, b] = [await handleOf(store, 'a'), await handleOf(store, 'b')];
    await store.append([entry(b, '1')]);
    const results = await store.append([entry(a, '1'), entry(b, '2'), entry(a, '2'), entry(a, '3'), entry(b, '3')]);
    assert.deepEqual(
      results.map((result) => result.status === 'committed' && result.seq),
      [1, 2, 2, 3, 3],
    );
    assert.deepEqual(await store.append([]), []);
  });

  it('updates that come alone are logged as those of a batch are, and none of a document that is gone', async (t) => {
    const store = await openOne(t, fresh);
    const [alone, together] = [await handleOf(store, 'alone'), await handleOf(store, 'together')];
    const texts = ['a', '', 'c'.repeat(100)];
    for (const [at, text] of texts.entries()) {
      assert.deepEqual(await store.append([entry(alone, text, 'ann')]), [{ status: 'committed', seq: at + 1 }]);
    }
    await store.append(texts.map((text) => entry(together, text, 'ann')));
    const stored = async (name: string) => {
      const { updates, head } = await store.load(name);
      const info = await store.info(name);
      return { updates, head, version: info?.version, bytes: info?.logBytes, by: info?.updatedBy };
    };
    assert.deepEqual(await stored('alone'), await stored('together'));
    await store.delete('alone');
    assert.deepEqual(await store.append([entry(alone, 'd')]), [{ status: 'deleted' }]);
  });

  it('every good name is a document of its own', async (t) => {
    const store = await openOne(t, fresh);
    const handles = await Promise.all(NAMES.map((name) => handleOf(store, name)));
    await store.append(handles.map((handle) => entry(handle, handle.name)));
    for (const name of NAMES) assert.equal(textOf(await store.load(name)), name);
    assert.equal(await store.count(), NAMES.length);
  });

  it('a name that cannot name a document is refused', async (t) => {
    const store = await openOne(t, fresh);
    for (const name of ['', ' ', 'a\0b', 'line\nbreak', '\ud800', 'x'.repeat(256), '..']) {
      await assert.rejects(store.load(name), { code: 'bad-name' });
      await assert.rejects(store.create(name), { code: 'bad-name' });
      assert.equal(await store.info(name), null);
      assert.equal(await store.delete(name), false);
    }
  });

  it('no author, however odd, keeps a batch from committing', async (t) => {
    const store = await openOne(t, fresh);
    const handle = await handleOf(store, 'document');
    const authors = ['a,b', '{}', '"', '\\', 'NULL', '', 'nul\0', 'half \ud83d', "'; drop table updates; --", '文'];
    await store.append(authors.map((author) => entry(handle, 'x', author)));
    assert.equal((await store.info('document'))?.updatedBy, '文');
    await store.append([entry(handle, 'x', 'nul\0')]);
    assert.equal((await store.info('document'))?.updatedBy, 'nul\ufffd');
    await store.append([entry(handle, 'x', null)]);
    assert.equal((await store.info('document'))?.updatedBy, null);
  });

  it('two handles of one document in a batch share its log', async (t) => {
    const store = await openOne(t, fresh);
    const [first, second] = [await handleOf(store, 'document'), await handleOf(store, 'document')];
    await store.append([entry(first, 'a'), entry(second, 'b'), entry(first, 'c')]);
    assert.equal(textOf(await store.load('document')), 'abc');
    assert.deepEqual(first, second);
    const third = { name: 'document', id: null, epoch: first.epoch, head: 0 };
    await store.append([entry(third, 'd'), entry(first, 'e')]);
    assert.equal(textOf(await store.load('document')), 'abcde');
  });

  it('[D4] seq order is commit order: a reader never sees a gap, whatever two nodes write at once', async (t) => {
    const [one, two, reader] = (await open(t, fresh, 3)) as [DocumentStore, DocumentStore, DocumentStore];
    const random = seeded(t);
    const names = ['a', 'b', 'c', 'd', 'e'];
    let writing = true;
    const written = new Map(names.map((name) => [name, [] as string[]]));

    const write = async (node: DocumentStore, author: string) => {
      const handles = await Promise.all(names.map((name) => handleOf(node, name)));
      for (let round = 0; round < 60; round++) {
        const chosen = shuffle(handles, random).slice(0, 1 + random(names.length));
        const entries = chosen.flatMap((handle) =>
          Array.from({ length: 1 + random(3) }, (_, nth) => entry(handle, `${author}${round}.${nth};`)),
        );
        const results = await node.append(entries);
        for (const [index, result] of results.entries()) {
          assert.equal(result.status, 'committed');
          const { handle, update } = entries[index]!;
          const seq = result.status === 'committed' ? result.seq : 0;
          assert.equal(written.get(handle.name)?.[seq - 1], undefined, 'a seq was given twice');
          written.get(handle.name)![seq - 1] = Buffer.from(update).toString();
        }
      }
    };
    const read = async () => {
      const before = new Map<string, string>();
      while (writing) {
        const name = names[random(names.length)] as string;
        const loaded = await reader.load(name);
        assert.equal(loaded.updates.length, loaded.head - loaded.snapshotSeq);
        assert.ok(textOf(loaded).startsWith(before.get(name) ?? ''), 'an update appeared before one already seen');
        before.set(name, textOf(loaded));
      }
    };
    const compact = async () => {
      while (writing) await two.compact(await handleOf(two, names[random(names.length)] as string), concatenate);
    };
    const background = Promise.all([read(), compact()]);
    // Two writers on each node as well: more than one statement may be in flight.
    await Promise.all([write(one, 'p'), write(one, 'q'), write(two, 'r'), write(two, 's')]).finally(() => {
      writing = false;
    });
    await background;
    for (const name of names) assert.equal(textOf(await reader.load(name)), written.get(name)!.join(''));
  });

  it('nodes that create the same documents at once, in any order, do not wait for each other', async (t) => {
    const stores = await open(t, fresh, 3);
    const random = seeded(t);
    const names = Array.from({ length: 30 }, (_, index) => `document ${index}`);
    await Promise.all(
      stores.map(async (store) => {
        for (let round = 0; round < 10; round++) {
          const chosen = shuffle(names, random).slice(0, 10);
          await store.append(chosen.map((name) => entry({ name, id: null, epoch: 1, head: 0 }, 'x')));
        }
      }),
    );
    const heads = await Promise.all(names.map(async (name) => (await stores[0]!.load(name)).head));
    assert.equal(
      heads.reduce((sum, head) => sum + head),
      3 * 10 * 10,
    );
  });
}
