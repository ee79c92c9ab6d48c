import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LogPosition } from './log-position.ts';

const row = (seq: number) => new Uint8Array([seq]);
const seqs = (updates: readonly Uint8Array[]) => updates.map(([seq]) => seq);

describe('a position in the log', () => {
  it('takes the next rows, and rows that overlap what it has', () => {
    const position = new LogPosition(2);
    assert.deepEqual(seqs(position.received(3, [row(3), row(4)])), [3, 4]);
    assert.deepEqual(seqs(position.received(3, [row(3), row(4), row(5)])), [5]);
    assert.deepEqual(seqs(position.received(1, [row(1)])), []);
    assert.deepEqual([position.head, position.lacks], [5, false]);
  });

  it('holds rows past a gap back until the gap is filled, and gives them in the order of the log', () => {
    const position = new LogPosition(0);
    assert.deepEqual(seqs(position.received(3, [row(3)])), []);
    assert.deepEqual(seqs(position.received(5, [row(5)])), []);
    assert.deepEqual([position.head, position.heard, position.lacks], [0, 5, true]);
    assert.deepEqual(seqs(position.received(1, [row(1), row(2)])), [1, 2, 3]);
    assert.deepEqual(seqs(position.received(4, [row(4)])), [4, 5]);
    assert.equal(position.lacks, false);
  });

  it('applies no row of its own a second time, whichever comes first', () => {
    const position = new LogPosition(0);
    assert.deepEqual(seqs(position.committed(2, 2)), [], 'behind a row of another');
    assert.deepEqual(seqs(position.received(1, [row(1), row(2), row(3), row(4)])), [1, 4]);
    assert.deepEqual(seqs(position.committed(5, 1)), []);
    assert.equal(position.head, 5);
  });

  it('keeps a bounded number of bytes past a gap, and knows that the rest exists', () => {
    const position = new LogPosition(0);
    for (let seq = 2; seq < 50; seq++) position.received(seq, [new Uint8Array(100_000)]);
    assert.equal(position.heard, 49);
    assert.ok(position.received(1, [row(1)]).length < 15);
    assert.equal(position.lacks, true);
    const rest = Array.from({ length: 49 - position.head }, (_, at) => row(position.head + 1 + at));
    assert.deepEqual(seqs(position.received(position.head + 1, rest)).length, rest.length);
    assert.equal(position.lacks, false);
  });

  it('begins anew where the log has fallen back to', () => {
    const position = new LogPosition(9);
    position.received(12, [row(12)]);
    position.restart(4);
    assert.deepEqual([position.head, position.lacks], [4, false]);
    assert.deepEqual(seqs(position.received(5, [row(5)])), [5]);
  });
});
