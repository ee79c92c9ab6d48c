import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type AccessStore, openAccessStore, type ShareLink } from './access-store.ts';
import { connect } from './connection.ts';
import { migrate } from './migrate.ts';
import { openPostgresStore } from './postgres-store.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 4, 1, 12);

const hash = (text: string) => createHash('sha256').update(text).digest();
const link = (id: string, more: Partial<ShareLink> = {}): ShareLink => ({
  ...{ id, documentName: 'plan', role: 'edit', createdBy: 'ada', createdAt: NOON, expiresAt: null },
  ...more,
});

describe('an access store', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function open(t: TestContext, nodes = 1): Promise<{ url: string; stores: AccessStore[]; store: AccessStore }> {
    const url = await database.createDatabase();
    await migrate(url);
    const stores = Array.from({ length: nodes }, () => openAccessStore(url));
    t.after(() => Promise.all(stores.map((store) => store.close())));
    return { url, stores, store: stores[0]! };
  }

  it('keeps revocations, each value once, the latest moment of it', async (t) => {
    const { store } = await open(t);
    const first = await store.revoke('subject', 'ada', NOON);
    assert.deepEqual(first, { id: first.id, kind: 'subject', value: 'ada', revokedAt: NOON, expiresAt: NOON + 400 * DAY_MS });
    await store.revoke('token', 'ada', NOON);
    const again = await store.revoke('subject', 'ada', NOON - 5);
    assert.ok(again.id > first.id);
    assert.equal(again.revokedAt, NOON);
    assert.deepEqual(
      (await store.revocationsAfter(0n)).map(({ kind, value }) => [kind, value]),
      [
        ['token', 'ada'],
        ['subject', 'ada'],
      ],
    );
    assert.deepEqual(await store.revocationsAfter(again.id), []);
  });

  it('shows a reader every revocation who asks with the last id it saw, while many are committed at once', async (t) => {
    const { stores } = await open(t, 4);
    const seen: string[] = [];
    let last = 0n;
    const read = async () => {
      const rows = await stores[3]!.revocationsAfter(last);
      for (const { id, value } of rows) {
        assert.ok(id > last, `${id} came after ${last}`);
        last = id;
        seen.push(value);
      }
    };
    let writing = true;
    const writes = Promise.all(
      stores.slice(0, 3).flatMap((store, node) => Array.from({ length: 60 }, (_, nth) => store.revoke('token', `${node}-${nth}`, NOON))),
    ).finally(() => {
      writing = false;
    });
    while (writing) await read();
    await writes;
    await read();
    assert.equal(new Set(seen).size, 180);
  });

  it('gives out the next id only when the one before is committed', async (t) => {
    const { url, store } = await open(t);
    const slow = connect(url, 1);
    t.after(() => slow.end());
    const committed = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const first = slow.begin(async (sql) => {
      await sql`select inkwire.revoke('subject', 'slow', now())`;
      taken.resolve();
      await committed.promise;
    });
    await taken.promise;
    let done = false;
    const second = store.revoke('subject', 'fast', NOON).finally(() => {
      done = true;
    });
    // Nothing is known until the other waits for the lock; then it must wait for the commit.
    const watcher = connect(url, 1);
    t.after(() => watcher.end());
    for (;;) {
      const [row] = await watcher`select count(*)::integer as waiting from pg_locks where locktype = 'advisory' and not granted`;
      if (row?.waiting === 1) break;
      assert.equal(done, false, 'the second revocation overtook the first');
    }
    assert.deepEqual(await watcher`select value from inkwire.revocations`.then((rows) => rows.map(({ value }) => value)), []);
    committed.resolve();
    await Promise.all([first, second]);
    assert.deepEqual(
      (await store.revocationsAfter(0n)).map(({ value }) => value),
      ['slow', 'fast'],
    );
  });

  it('forgets revocations whose tokens have all expired', async (t) => {
    const { store } = await open(t);
    await store.revoke('token', 'old', NOON);
    await store.revoke('token', 'young', NOON + 400 * DAY_MS + 1);
    assert.deepEqual(
      (await store.revocationsAfter(0n)).map(({ value }) => value),
      ['young'],
    );
  });

  it('keeps share links by the hash of their secret', async (t) => {
    const { url, store } = await open(t);
    const made = link('aaaaaaaaaaaa', { expiresAt: NOON + 1000 });
    assert.deepEqual(await store.createShareLink(made, hash('secret'), 10), made);
    assert.deepEqual(await store.shareLink(made.id), made);
    assert.deepEqual(await store.shareLinksOf('plan'), [made]);
    assert.deepEqual(await store.shareLinksOf('other'), []);
    assert.deepEqual(await store.useShareLink(hash('secret'), NOON), made);
    assert.equal(await store.useShareLink(hash('secret'), NOON + 1000), null);
    assert.equal(await store.useShareLink(hash('guess'), NOON), null);
    const sql = connect(url, 1);
    const [row] = await sql`select * from inkwire.share_links`;
    await sql.end();
    assert.ok(!JSON.stringify(row).includes('secret"') && Buffer.compare(row?.secret_hash, hash('secret')) === 0);
  });

  it('lets a document have only so many links that are not revoked', async (t) => {
    const { store } = await open(t);
    for (const id of ['a', 'b']) assert.notEqual(await store.createShareLink(link(id), hash(id), 2), null);
    assert.equal(await store.createShareLink(link('c'), hash('c'), 2), null);
    assert.notEqual(await store.createShareLink(link('d', { documentName: 'other' }), hash('d'), 2), null);
    await store.changeShareLink('a', { revoked: true }, () => NOON);
    assert.notEqual(await store.createShareLink(link('c'), hash('c'), 2), null);
  });

  it('changes a link and revokes its tokens in one transaction', async (t) => {
    const { store } = await open(t);
    await store.createShareLink(link('a', { expiresAt: NOON + 1000 }), hash('a'), 10);
    const changed = await store.changeShareLink('a', { role: 'view' }, () => NOON + 5);
    assert.deepEqual(changed?.link, link('a', { role: 'view', expiresAt: NOON + 1000 }));
    assert.deepEqual([changed?.revocation.kind, changed?.revocation.value, changed?.revocation.revokedAt], ['share-link', 'a', NOON + 5]);
    assert.equal((await store.changeShareLink('a', { expiresAt: null }, () => NOON))?.link.expiresAt, null);
    await assert.rejects(store.changeShareLink('a', { role: 'admin' }, () => NOON));
    assert.equal((await store.shareLink('a'))?.role, 'view');
    assert.notEqual(await store.changeShareLink('a', { revoked: true }, () => NOON + 9), null);
    assert.equal(await store.changeShareLink('a', { role: 'edit' }, () => NOON + 9), null);
    assert.equal(await store.useShareLink(hash('a'), NOON), null);
    assert.equal(await store.changeShareLink('none', { role: 'edit' }, () => NOON), null);
  });

  it('has whoever uses a link wait for a change of it that is under way', async (t) => {
    const { url, stores } = await open(t, 2);
    await stores[0]!.createShareLink(link('a'), hash('a'), 10);
    const slow = connect(url, 1);
    const watcher = connect(url, 1);
    t.after(() => Promise.all([slow.end(), watcher.end()]));
    const locked = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const change = slow.begin(async (sql) => {
      await sql`update inkwire.share_links set role = 'view' where id = 'a'`;
      locked.resolve();
      await commit.promise;
    });
    await locked.promise;
    const used = stores[1]!.useShareLink(hash('a'), NOON);
    for (;;) {
      const [row] = await watcher`select count(*)::integer as waiting from pg_locks where not granted`;
      if (row?.waiting === 1) break;
    }
    commit.resolve();
    await change;
    assert.equal((await used)?.role, 'view');
  });

  it('ends the links of a document that is deleted: another of its name is another document', async (t) => {
    const { url, store } = await open(t);
    const documents = await openPostgresStore(url);
    t.after(() => documents.close());
    for (const name of ['plan', 'other']) await documents.create(name);
    await store.createShareLink(link('a'), hash('a'), 10);
    await store.createShareLink(link('b', { documentName: 'other' }), hash('b'), 10);
    await documents.delete('plan');
    await documents.create('plan');
    assert.equal(await store.useShareLink(hash('a'), NOON), null);
    assert.notEqual(await store.useShareLink(hash('b'), NOON), null);
    assert.deepEqual(
      (await store.revocationsAfter(0n)).map(({ kind, value }) => [kind, value]),
      [['share-link', 'a']],
    );
  });

  it('says that the database is away', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const store = openAccessStore(url.href);
    await assert.rejects(store.revocationsAfter(0n), { code: 'database-unavailable' });
    await assert.rejects(store.useShareLink(hash('a'), NOON), { code: 'database-unavailable' });
    await store.close();
  });
});
