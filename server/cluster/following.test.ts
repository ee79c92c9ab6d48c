import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Following } from './following.ts';
import type { Message } from './messages.ts';
import { bytesOf, SimulatedDocument } from './testing/simulated-document.ts';

/** One document of a node, whose reads and messages are noted. */
function following() {
  let now = 0;
  const sent: Message[] = [];
  const reads: number[] = [];
  const looks: number[] = [];
  const document = new SimulatedDocument('plan', []);
  const it = new Following(document, {
    id: 'me',
    now: () => now,
    maxMessageBytes: 8_000,
    send: (_, message) => sent.push(message),
    read: (_, seq) => reads.push(seq),
    look: () => looks.push(now),
    head: (_, done) => done(null),
    wake: () => {},
  });
  const later = (ms: number) => {
    now += ms;
    it.tick(now);
  };
  return { it, document, sent, reads, looks, later };
}

const edits = (first: number, updates: readonly Uint8Array[] | null, parts: Partial<Extract<Message, { kind: 'edits' }>> = {}): Message => {
  return { kind: 'edits', from: 'n1', id: '7', epoch: 1, schemaVersion: 1, first, count: updates?.length ?? 1, updates, ...parts };
};

describe('following a document', () => {
  it('reads rows that were missed 30 ms after it knows, also when its own commit tells', () => {
    const { it: one, document, reads, later } = following();
    one.committed({ firstSeq: 3, updates: [bytesOf(30)] });
    assert.deepEqual(reads, []);
    later(30);
    assert.deepEqual(reads, [0]);
    one.rowsRead(
      [10, 20, 30].map((update, at) => ({ seq: at + 1, data: bytesOf(update) })),
      1,
    );
    assert.deepEqual([one.head, [...document.holds]], [3, [10, 20]], 'its own row is in memory already');
    later(1_000);
    assert.equal(reads.length, 1);
  });

  it('reads nothing when what is missing comes in time', () => {
    const { it: one, reads, later } = following();
    one.receive(edits(2, [bytesOf(20)]));
    later(20);
    one.receive(edits(1, [bytesOf(10)]));
    later(1_000);
    assert.deepEqual([one.head, reads], [2, []]);
  });

  it('reads at once what is too long to be told, and tells its own that way', () => {
    const { it: one, sent, reads } = following();
    one.receive(edits(1, null));
    assert.deepEqual(reads, [0]);
    one.committed({ firstSeq: 2, updates: [new Uint8Array(9_000)] });
    assert.deepEqual(
      sent.map((message) => message.kind === 'edits' && [message.first, message.count, message.updates]),
      [[2, 1, null]],
    );
  });

  it('takes nothing of another life of the name, and looks when that is a later one', () => {
    const { it: one, document, looks } = following();
    one.receive(edits(1, [bytesOf(1)], { epoch: 0 }));
    assert.equal(looks.length, 0);
    one.receive(edits(1, [bytesOf(1)], { epoch: 2 }));
    assert.deepEqual([looks.length, document.holds.size, one.head], [1, 0, 0]);
  });

  it('looks when what is known to exist is not in the log, and asks again after a while', () => {
    const { it: one, reads, looks, later } = following();
    one.hear('n1', { epoch: 1, seq: 5, presence: 0 });
    later(30);
    one.rowsRead([], 1);
    assert.equal(looks.length, 1);
    later(100);
    assert.equal(reads.length, 1);
    later(150);
    assert.equal(reads.length, 2);
  });

  it('tells of a fall-back that it has seen itself, and not of one it was told of', () => {
    const { it: one, sent } = following();
    const told = () => sent.filter(({ kind }) => kind === 'look').length;
    one.restart(0);
    assert.equal(told(), 1);
    one.receive({ kind: 'look', from: 'n1', fellBack: true });
    one.restart(0);
    assert.equal(told(), 1);
    one.startAt(4);
    assert.deepEqual([told(), one.head], [1, 4]);
  });
});
