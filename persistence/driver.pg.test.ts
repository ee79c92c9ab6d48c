import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const KILLS = 30;
const BIG = 'x'.repeat(5_000);

describe('the driver, patched (patches/postgres+3.4.9.patch)', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  it('carries bytes both ways as they are: the first time a statement runs, and after, beside other columns', async () => {
    const sql = connect(database.url, 1);
    try {
      for (const length of [0, 1, 300, 100_000, 3_000_000, 5]) {
        const bytes = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
        const [row] = await sql`select 1 as one, ${bytes}::bytea as bytes, 'two' as two, null::bytea as none`;
        assert.ok(Buffer.from(bytes).equals(row!.bytes), `${length} bytes`);
        assert.deepEqual({ ...row, bytes: null }, { one: 1, bytes: null, two: 'two', none: null });
      }
      const both = await Promise.all([1, 2, 3].map((byte) => sql`select ${Uint8Array.of(byte)}::bytea as bytes`));
      assert.deepEqual(
        both.map(([row]) => [...row!.bytes]),
        [[1], [2], [3]],
      );
      assert.deepEqual(await sql`select '\\x0102'::bytea as bytes`.then(([row]) => [...row!.bytes]), [1, 2]);
      const none = await sql`select ${1}::int as one where ${false}`;
      assert.equal(none.length, 0);
    } finally {
      await sql.end();
    }
  });

  it('[D4] stays alive and answers again after the database crashed under load, many times', async () => {
    const uncaught: Error[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    const sql = connect(database.url, 8);
    let stopped = false;
    let answered = 0;
    const workers = LOADS.flatMap((load) =>
      Array.from({ length: 4 }, async () => {
        while (!stopped) {
          await load(sql).then(
            () => answered++,
            () => delay(1),
          );
        }
      }),
    );
    try {
      for (let kills = 0; kills < KILLS; ) {
        const seen = answered;
        while (answered < seen + 20) await delay(1);
        if (killBackend(await untilAnswered(sql))) kills++;
      }
      await untilAnswered(sql);
    } finally {
      stopped = true;
      await Promise.all(workers);
      await sql.end({ timeout: 5 });
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
    assert.deepEqual(uncaught, []);
  });
});

/** Short statements share a write in the next turn, long ones are written at once, a transaction writes its rollback after the loss. */
const LOADS: ((sql: Sql) => Promise<unknown>)[] = [
  (sql) => sql`select 1`,
  (sql) => sql`select length(${BIG}::text)`,
  (sql) => sql.begin(async (transaction) => [await transaction`select 1`, await transaction`select length(${BIG}::text)`]),
];

/** A backend that dies by a signal makes Postgres reset every connection and recover, as after a crash. False when it was gone. */
function killBackend(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

async function untilAnswered(sql: Sql): Promise<number> {
  for (;;) {
    try {
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      return row!.pid;
    } catch {
      await delay(5);
    }
  }
}
