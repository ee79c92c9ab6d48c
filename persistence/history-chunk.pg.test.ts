import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { connect } from './connection.ts';
import type { LoggedUpdate } from './document-store.ts';
import { decodeHistory, encodeHistory } from './history-chunk.ts';
import { openPostgresStore } from './postgres-store.ts';
import { concatenate, entry } from './testing/contract/fixture.ts';
import { testDatabase } from './testing.ts';

function update(seq: number, over: Partial<LoggedUpdate> = {}): LoggedUpdate {
  return { seq, author: 'ann', at: 1_795_000_000_000 + seq * 40, data: Uint8Array.of(seq, 2, 3), ...over };
}

describe('a chunk of history', () => {
  it('gives back what was packed', () => {
    const updates = [
      update(7),
      update(8, { author: null, at: 1_794_999_999_000 }),
      update(9, { author: '', data: new Uint8Array() }),
      update(10, { author: '文 "x"', data: new Uint8Array(randomBytes(70_000)) }),
    ];
    const decoded = decodeHistory(encodeHistory(updates)).map((each) => ({ ...each, data: new Uint8Array(each.data) }));
    assert.deepEqual(decoded, updates);
    assert.deepEqual(decodeHistory(encodeHistory([])), []);
  });

  it('costs a fraction of the rows it replaces', () => {
    const updates = Array.from({ length: 1_000 }, (_, index) =>
      update(index + 1, { data: Uint8Array.of(1, 1, 200, 3, index >> 7, index & 127, 132, 97) }),
    );
    assert.ok(encodeHistory(updates).length < 4 * updates.length);
  });

  it('refuses a format it does not know, and damaged bytes', () => {
    const chunk = encodeHistory([update(1), update(2)]);
    assert.throws(() => decodeHistory(Uint8Array.of(9, ...chunk.subarray(1))), { code: 'internal', message: /format 9/ });
    assert.throws(() => decodeHistory(chunk.subarray(0, -3)), { code: 'internal' });
    assert.throws(() => decodeHistory(new Uint8Array()), { code: 'internal' });
  });

  it('[D11] notices every bit that is not as it was written', () => {
    const updates = [update(1), update(2)];
    const chunk = encodeHistory(updates);
    let noticed = 0;
    for (let bit = 0; bit < 8 * chunk.length; bit++) {
      const damaged = Buffer.from(chunk);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      try {
        // A bit that means nothing to zstd changes nothing.
        assert.deepEqual(decodeHistory(damaged), decodeHistory(chunk));
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'internal');
        noticed++;
      }
    }
    assert.ok(noticed > 7 * chunk.length);
  });

  it('format 1 stays readable', () => {
    const kept = Buffer.from(KEPT, 'base64');
    assert.deepEqual(
      decodeHistory(kept).map(({ data, ...rest }) => ({ ...rest, data: [...data] })),
      [
        { seq: 1, author: 'ann', at: 1_795_000_000_040, data: [1, 2, 3] },
        { seq: 2, author: null, at: 1_795_000_000_080, data: [2, 2, 3] },
      ],
    );
  });

  it('compacted updates are in the database, each once, with author and time', async (t) => {
    const database = await testDatabase();
    t.after(() => database.stop());
    const store = await openPostgresStore(database.url);
    const sql = connect(database.url, 1);
    const { handle } = await store.load('document');
    for (const texts of [['a', 'b'], ['c'], ['d', 'e', 'f']]) {
      await store.append(texts.map((text) => entry(handle, text, `author ${text}`)));
      await store.compact(handle, concatenate);
    }
    await store.append([entry(handle, 'g')]);
    const chunks = await sql<{ first_seq: string; last_seq: string; data: Buffer }[]>`select * from inkwire.history order by first_seq`;
    assert.deepEqual(
      chunks.map(({ first_seq, last_seq }) => `${first_seq}-${last_seq}`),
      ['1-2', '3-3', '4-6'],
    );
    const updates = chunks.flatMap(({ data }) => decodeHistory(data));
    assert.deepEqual(
      updates.map(({ seq, author, data }) => [seq, author, Buffer.from(data).toString()]),
      [...'abcdef'].map((text, index) => [index + 1, `author ${text}`, text]),
    );
    const [left] = await sql`select count(*)::int as rows, min(seq)::int as first from inkwire.updates`;
    assert.deepEqual({ ...left }, { rows: 1, first: 7 });
    const [now] = await sql<{ ms: string }[]>`select extract(epoch from now()) * 1000 as ms`;
    assert.ok(updates.every(({ at }) => Math.abs(Number(now!.ms) - at) < 60_000));
    await sql.end();
    await store.close();
  });
});

const KEPT = 'ASi1L/0gGMEAAAIBAQNhbm4BAKj4suW9aCgDAwECAwICAw==';
