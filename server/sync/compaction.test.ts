import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shouldCompact } from './compaction.ts';

describe('compaction', () => {
  it('[S2] waits in a document in use until the tail outgrows the snapshot', () => {
    assert.equal(shouldCompact({ rows: 10_000, bytes: 900_000 }, 1_000_000, false), false);
    assert.equal(shouldCompact({ rows: 10_000, bytes: 1_000_000 }, 1_000_000, false), true);
    assert.equal(shouldCompact({ rows: 5, bytes: 1_000 }, 0, false), false);
  });

  it('compacts a long tail on unloading, so that the next load is quick', () => {
    assert.equal(shouldCompact({ rows: 2_000, bytes: 40_000 }, 100_000, true), true);
    assert.equal(shouldCompact({ rows: 2_000, bytes: 40_000 }, 1_000_000, true), false);
    assert.equal(shouldCompact({ rows: 10, bytes: 400 }, 0, true), false);
  });
});
