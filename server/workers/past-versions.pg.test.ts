import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as Y from 'yjs';
import { type Random, seeded } from '../../document/random-content.ts';
import { makeSameDocument } from '../../document/updates/same-document.ts';
import { mergeIntoSnapshot } from '../../document/updates/snapshot.ts';
import { connect } from '../../persistence/connection.ts';
import type { DocumentStore } from '../../persistence/document-store.ts';
import { type HistoryStore, openHistoryStore } from '../../persistence/history-store.ts';
import { openPostgresStore } from '../../persistence/postgres-store.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { verify } from '../../persistence/verifying.ts';
import { PastVersions } from './past-versions.ts';

const EDITS = 45_000;
const COMPACTED_EVERY = 6_000;

/** Typing at random places, and a fifth of it deleting, by two people in turns of a hundred. */
function typed(random: Random): { readonly updates: Uint8Array[]; readonly texts: Map<number, string> } {
  const people = [new Y.Doc(), new Y.Doc()];
  const [updates, texts] = [[] as Uint8Array[], new Map<number, string>()];
  let [own, place] = [0, 0];
  for (const person of people)
    person.on('update', (update: Uint8Array, _origin: unknown, _doc: unknown, { local }: Y.Transaction) => local && updates.push(update));
  for (let edit = 0; edit < EDITS; edit++) {
    if (edit % 100 === 0) {
      const state = Y.encodeStateAsUpdate(people[own]!);
      own = 1 - own;
      Y.applyUpdate(people[own]!, state);
      place = Math.floor(random() * people[own]!.getText('t').length);
    }
    const text = people[own]!.getText('t');
    if (random() < 0.2 && place > 0) text.delete(--place, 1);
    else text.insert(place++, String.fromCharCode(97 + (edit % 26)));
    if (edit % 1_111 === 0 || edit === EDITS - 1) texts.set(edit + 1, text.toString());
  }
  return { updates, texts };
}

describe('versions of a long history', () => {
  let database: TestDatabase;
  let store: DocumentStore;
  let history: HistoryStore;
  let texts: Map<number, string>;
  before(async () => {
    const seed = randomInt(2 ** 31);
    console.log(`seed ${seed}`);
    database = await testDatabase();
    store = await openPostgresStore(database.url);
    history = openHistoryStore(database.url);
    const typing = typed(seeded(seed));
    texts = typing.texts;
    const { handle } = await store.load('long');
    for (let from = 0; from < EDITS; from += 1_000) {
      const batch = typing.updates.slice(from, from + 1_000);
      await store.append(batch.map((update, at) => ({ handle, update, author: (from + at) % 200 < 100 ? 'ada' : 'bob' })));
      if ((from + 1_000) % COMPACTED_EVERY === 0) await store.compact(handle, mergeIntoSnapshot);
    }
  });
  after(async () => {
    await Promise.all([store?.close(), history?.close()]);
    await database?.stop();
  });

  const textOf = (state: Uint8Array) => {
    const document = new Y.Doc();
    Y.applyUpdate(document, new Uint8Array(state));
    return document.getText('t').toString();
  };
  const rows = async <T extends object>(read: (sql: ReturnType<typeof connect>) => Promise<readonly T[]>) => {
    const sql = connect(database.url, 1);
    try {
      return await read(sql);
    } finally {
      await sql.end();
    }
  };

  const sqlOf = (statement: string) => rows((sql) => sql.unsafe(statement) as unknown as Promise<object[]>);

  it('[H3] begins at a checkpoint near it, which compaction leaves, and is what it was then', async () => {
    const versions = new PastVersions(history, { shown: async () => new Map() });
    for (const [version, text] of [...texts].sort(() => 0.5 - Math.random())) {
      const past = await versions.past('long', { version });
      assert.equal(textOf(past.state), text, `version ${version}`);
    }
    for (const version of [1, 20_000, EDITS]) {
      const stretch = await history.stretch('long', version);
      assert.ok(typeof stretch === 'object' && stretch.updates.length < 25_000, 'the stretch is long');
    }
    const [sizes] = await rows(
      (sql) => sql<{ history: string; checkpoints: string; many: string }[]>`
      select (select sum(octet_length(data)) from inkwire.history) as history, sum(octet_length(data)) as checkpoints, count(*) as many from inkwire.checkpoints`,
    );
    assert.ok(Number(sizes!.many) >= 2);
    assert.ok(Number(sizes!.checkpoints) <= 0.3 * Number(sizes!.history), JSON.stringify(sizes));
  });

  it('[H3] is made of the history before it where a checkpoint is damaged, which verify notices', async () => {
    await rows((sql) => sql`update inkwire.checkpoints set data = overlay(data placing '\\x00ff00'::bytea from 20)`);
    const { findings } = await verify(database.url, makeSameDocument, () => {});
    assert.match(findings[0]?.problem ?? '', /^the checkpoint at \d+ cannot be read/);
    const versions = new PastVersions(history, { shown: async () => new Map() });
    for (const [version, text] of [...texts].filter((_, at) => at % 10 === 0)) {
      assert.equal(textOf((await versions.past('long', { version })).state), text, `version ${version}`);
    }
  });

  it('says who did what when, of chunks and of the log as of one', async () => {
    const activity = await history.activity('long');
    assert.ok(typeof activity === 'object');
    const edits: Record<string, number> = {};
    for (const { shares } of activity) for (const { author, edits: many } of shares) edits[author!] = (edits[author!] ?? 0) + many;
    assert.deepEqual(edits, { ada: EDITS / 2, bob: EDITS / 2 });
    await rows((sql) => sql`update inkwire.history set activity = null where first_seq > 6000`);
    assert.deepEqual(await history.activity('long'), activity, 'chunks of a version that did not say');
  });

  it('knows the version of a moment', async () => {
    const [chunk] = await rows(
      (sql) => sql<{ last_at: Date; last_seq: string }[]>`select last_at, last_seq from inkwire.history order by first_seq limit 1`,
    );
    assert.equal(await history.versionAt('long', chunk!.last_at.getTime() + 1), Number(chunk!.last_seq));
    assert.equal(await history.versionAt('long', 0), 0);
    assert.equal(await history.versionAt('long', Date.now() + 60_000), EDITS);
  });

  it('[H3] is whole after a compaction that ended at any of its statements', async () => {
    const { handle } = await store.load('broken off');
    const found = async () =>
      (await verify(database.url, makeSameDocument, () => {})).findings.filter(({ document }) => document === 'broken off');
    const people = typed(seeded(randomInt(2 ** 31)));
    const fails = (table: string) =>
      sqlOf(`create trigger fails before insert on inkwire.${table} for each row execute function inkwire.fails()`);
    const passes = (table: string) => sqlOf(`drop trigger fails on inkwire.${table}`);
    await sqlOf(`create function inkwire.fails() returns trigger language plpgsql as $$ begin raise 'as if it had been killed'; end $$`);
    for (let from = 0; from < EDITS; from += 1_000)
      await store.append(people.updates.slice(from, from + 1_000).map((update) => ({ handle, update, author: 'ada' })));
    for (const table of ['checkpoints', 'history']) {
      await fails(table);
      await assert.rejects(store.compact(handle, mergeIntoSnapshot));
      await passes(table);
      assert.deepEqual(await found(), []);
    }
    // What the second one kept, it had kept before it ended.
    const kept = await rows((sql) => sql`select seq from inkwire.checkpoints where document_id = ${handle.id}`);
    assert.ok(kept.length >= 2);
    const versions = new PastVersions(history, { shown: async () => new Map() });
    const check = async () => {
      for (const [version, text] of [...people.texts].filter((_, at) => at % 7 === 0))
        assert.equal(textOf((await versions.past('broken off', { version })).state), text, `version ${version}`);
    };
    await check();
    assert.equal((await store.compact(handle, mergeIntoSnapshot))?.compacted, EDITS);
    assert.deepEqual(await found(), []);
    await check();
  });

  it('[H3] is gone with its document', async () => {
    await store.delete('long');
    assert.equal(
      (
        await rows(
          (sql) => sql`select c.seq from inkwire.checkpoints c join inkwire.documents d on d.id = c.document_id where d.name = 'long'`,
        )
      ).length,
      0,
    );
    assert.equal(await history.stretch('long', 1), 'no-document');
  });
});
