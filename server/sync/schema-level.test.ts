import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SchemaLevel } from './schema-level.ts';

describe('the schema version of a document', () => {
  it('is raised by what a later one adds, and not by a client that says none', () => {
    const level = new SchemaLevel(
      2,
      async () => {},
      () => {},
    );
    assert.deepEqual(
      [1, 2, 3, Number.NaN].map((version) => level.mustStore(version, true)),
      [false, false, true, false],
    );
    assert.equal(level.mustStore(3, false), false, 'a deletion adds nothing');
    assert.deepEqual(
      [2, 3, 3, Number.NaN].map((version) => level.raise(version)),
      [false, true, false, false],
    );
    assert.equal(level.version, 3);
    assert.equal(level.mustStore(3, false), true, 'it is not stored yet');
  });

  it('is stored once for however many wait, and once more when it was raised meanwhile', async () => {
    const stored: number[] = [];
    const first = Promise.withResolvers<void>();
    const store = (version: number) => {
      stored.push(version);
      return stored.length === 1 ? first.promise : Promise.resolve();
    };
    const level = new SchemaLevel(1, store, () => {});
    level.raise(2);
    const waiting = [level.stored(), level.stored()];
    level.raise(3);
    first.resolve();
    await Promise.all(waiting);
    assert.deepEqual(stored, [2, 3]);
    assert.equal(level.mustStore(3, true), false);
  });

  it('is tried again after a failure, and keeps the document in memory until then', async () => {
    let attempts = 0;
    const quiet = Promise.withResolvers<boolean>();
    const store = async () => {
      if (attempts++ === 0) throw new Error('the database is away');
    };
    const level: SchemaLevel = new SchemaLevel(1, store, () => quiet.resolve(level.storing));
    level.raise(2);
    const stored = level.stored();
    assert.equal(level.storing, true);
    await stored;
    assert.equal(level.mustStore(2, true), false);
    assert.equal(attempts, 2);
    assert.equal(await quiet.promise, false, 'it may leave when it is told');
  });
});
