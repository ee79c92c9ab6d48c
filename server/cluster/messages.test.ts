import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeMessage, encodeMessage, type Message } from './messages.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const status = { url: 'http://x:1', version: '1', startedAt: 1, documents: 2, connections: 3, ready: true };

const MESSAGES: readonly Message[] = [
  { kind: 'edits', from: 'a', id: '7', epoch: 1, schemaVersion: 3, first: 2 ** 40, count: 2, updates: [bytes(), bytes(1, 2)] },
  { kind: 'edits', from: 'a', id: '7', epoch: 1, schemaVersion: 3, first: 4, count: 9, updates: null },
  { kind: 'presence', from: 'a', number: 5, whole: true, update: bytes(0) },
  { kind: 'absent', from: 'a', update: bytes(9) },
  { kind: 'ask', from: 'a', of: '' },
  { kind: 'look', from: 'a', fellBack: true },
  { kind: 'pulse', from: 'a', status, recent: [{ document: 'ä', epoch: 1, seq: 2, presence: 3 }] },
  { kind: 'bye', from: 'a' },
];

describe('a message among nodes', () => {
  for (const message of MESSAGES) {
    it(`of edits, presence or state comes back as it was sent: ${message.kind}`, () => {
      assert.deepEqual(decodeMessage(encodeMessage(message)), message);
      assert.equal(decodeMessage(encodeMessage(message), 'a'), null, 'a node leaves its own alone');
    });
  }

  it('that is none, or cut off, is left alone', () => {
    assert.equal(decodeMessage(bytes()), null);
    assert.equal(decodeMessage(bytes(200, 1, 97)), null);
    const whole = encodeMessage(MESSAGES[0]!);
    for (let length = 0; length < whole.length - 4; length++) {
      const message = decodeMessage(whole.subarray(0, length));
      assert.ok(message === null || (message.kind === 'edits' && message.updates === null), `cut at ${length}`);
    }
  });

  it('has less than 200 bytes beside the update', () => {
    const update = new Uint8Array(40);
    const message: Message = {
      kind: 'edits',
      from: 'f'.repeat(16),
      id: '1234567',
      epoch: 3,
      schemaVersion: 9,
      first: 2 ** 31,
      count: 1,
      updates: [update],
    };
    assert.ok(encodeMessage(message).length - update.length < 64);
  });
});
