import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { AckLedger } from './ack-ledger.ts';

function frame(type: number, ...body: number[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, 'document');
    encoding.writeVarUint(encoder, type);
    for (const byte of body) encoding.writeVarUint(encoder, byte);
  });
}
const STEP1 = frame(FrameType.Sync, SyncType.Step1, 0);
const STEP2 = frame(FrameType.Sync, SyncType.Step2, 0);
const UPDATE = frame(FrameType.Sync, SyncType.Update, 0);
const ACK = frame(FrameType.SyncStatus, 1);
const EDIT = Uint8Array.of(0, 0);
const NO = frame(FrameType.SyncStatus, 0);

function handshaken(): AckLedger {
  const ledger = new AckLedger();
  ledger.sent(STEP1);
  ledger.sent(STEP2);
  ledger.received(ACK);
  return ledger;
}

describe('AckLedger', () => {
  it('[D1] nothing is settled before the handshake is acknowledged', () => {
    const ledger = new AckLedger();
    assert.equal(ledger.settled, false);
    ledger.sent(STEP1);
    ledger.sent(STEP2);
    assert.equal(ledger.settled, false);
    ledger.received(ACK);
    assert.equal(ledger.settled, true);
  });

  it('[D1] an edit is waiting from the moment it is made, before its frame is sent, until its own acknowledgement', () => {
    const ledger = handshaken();
    ledger.edited(EDIT);
    assert.deepEqual([ledger.settled, ledger.waiting], [false, 1]);
    ledger.sent(UPDATE);
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.waiting], [false, 1]);
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.waiting], [true, 0]);
  });

  it('[D1] the acknowledgement of one frame that was queued offline does not settle the others', () => {
    const ledger = handshaken();
    ledger.reset();
    for (let edit = 0; edit < 3; edit += 1) ledger.edited(EDIT);
    // What a provider does: it flushes the queue when the server first answers, then answers its Step1.
    for (let edit = 0; edit < 3; edit += 1) ledger.sent(UPDATE);
    ledger.sent(STEP2);
    for (let acknowledged = 0; acknowledged < 3; acknowledged += 1) {
      ledger.received(ACK);
      assert.deepEqual([ledger.settled, ledger.waiting], [false, 3]);
    }
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.waiting], [true, 0]);
  });

  it('[D1] an edit made while older acknowledgements arrive waits for its own', () => {
    const ledger = handshaken();
    ledger.reset();
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.sent(STEP2);
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.received(ACK);
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.waiting], [false, 1]);
    ledger.received(ACK);
    assert.equal(ledger.settled, true);
  });

  it('[D1] a lost socket takes its outstanding acknowledgements with it', () => {
    const ledger = handshaken();
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.reset();
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.waiting], [false, 1]);
  });

  it('a refused edit is never settled on that socket, whatever is acknowledged after it', () => {
    const ledger = handshaken();
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.received(NO);
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.refused, ledger.waiting], [false, true, 2]);
  });

  it('a refused edit stays refused until a handshake that carries it is acknowledged', () => {
    const ledger = handshaken();
    ledger.edited(EDIT);
    ledger.sent(UPDATE);
    ledger.received(NO);
    ledger.reset();
    assert.equal(ledger.refused, true);
    ledger.sent(STEP2);
    ledger.received(NO);
    assert.equal(ledger.refused, true);
    ledger.reset();
    ledger.sent(STEP2);
    ledger.received(ACK);
    assert.deepEqual([ledger.settled, ledger.refused, ledger.waiting], [true, false, 0]);
  });

  it('keeps the updates that are not acknowledged, and only those', () => {
    const ledger = handshaken();
    const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
    for (const update of [first, second]) {
      ledger.edited(update);
      ledger.sent(UPDATE);
    }
    ledger.received(ACK);
    assert.deepEqual(ledger.unacknowledged, [second]);
    ledger.received(ACK);
    assert.deepEqual(ledger.unacknowledged, []);
  });

  it('frames that ask for no acknowledgement are not counted', () => {
    const ledger = handshaken();
    ledger.sent(frame(FrameType.Awareness, 0));
    ledger.sent(STEP1);
    ledger.received(frame(FrameType.Awareness, 1));
    assert.equal(ledger.settled, true);
  });
});
