import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { payloadOf, readClientFrame, textOf, tokenOf } from './client-frames.ts';
import { FrameType, SyncType } from './frames.ts';

function frame(address: string, type: number, write: (encoder: encoding.Encoder) => void = () => {}): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

function sync(type: number, kind: number, payload: Uint8Array, address = 'plan'): Uint8Array {
  return frame(address, type, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

function auth(token: string, kind = 0, version?: string): Uint8Array {
  return frame('plan', FrameType.Auth, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarString(encoder, token);
    if (version !== undefined) encoding.writeVarString(encoder, version);
  });
}

const messageOf = (bytes: Uint8Array) => readClientFrame(bytes).message;

describe('a frame of a client', () => {
  it('says what it is, and what document it is about', () => {
    const payload = Uint8Array.of(1, 2, 3);
    for (const [name, kind] of Object.entries(SyncType)) {
      const read = readClientFrame(sync(FrameType.Sync, kind, payload, 'plan\0session'));
      assert.deepEqual([read.message, read.address, read.documentName], [`Sync.${name}`, 'plan\0session', 'plan']);
      assert.deepEqual(payloadOf(read), payload);
      assert.equal(messageOf(sync(FrameType.SyncReply, kind, payload)), `SyncReply.${name}`);
    }
    for (const [name, type] of Object.entries(FrameType)) {
      if (name !== 'Sync' && name !== 'SyncReply') assert.equal(messageOf(frame('plan', type)), name);
    }
    assert.equal(messageOf(Uint8Array.of(FrameType.Pong)), 'Pong', 'an old provider leaves out the address');
    assert.equal(messageOf(frame('plan', 99)), null);
    assert.equal(messageOf(sync(FrameType.Sync, 7, payload)), null);
    assert.equal(messageOf(frame('plan', FrameType.Sync)), null);
  });

  it('is refused when it has no header', () => {
    for (const bytes of [new Uint8Array(), Uint8Array.of(200, 1)]) assert.throws(() => readClientFrame(bytes), { code: 'malformed-frame' });
  });

  it('offers a token, of a provider that may say its version', () => {
    assert.deepEqual(tokenOf(readClientFrame(auth('s3cret'))), { token: 's3cret', providerVersion: null });
    assert.deepEqual(tokenOf(readClientFrame(auth('s3cret', 0, '4.8.0'))), { token: 's3cret', providerVersion: '4.8.0' });
    for (const bytes of [frame('plan', FrameType.Auth), auth('granted', 2), auth('x'.repeat(100_000))]) {
      assert.throws(() => tokenOf(readClientFrame(bytes)), { code: 'malformed-frame' });
    }
  });

  it('[D2] is refused when its body claims more bytes than there are', () => {
    const whole = sync(FrameType.Sync, SyncType.Update, Uint8Array.of(1, 2, 3));
    assert.throws(() => payloadOf(readClientFrame(whole.subarray(0, whole.length - 1))), { code: 'malformed-update' });
    assert.throws(() => textOf(readClientFrame(frame('plan', FrameType.Stateless))), { code: 'malformed-frame' });
  });
});
