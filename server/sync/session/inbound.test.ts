import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { FrameType, SyncType } from '../../../protocol/frames.ts';
import { readInbound as read } from './inbound.ts';

const channel = { mayWrite: true };
/** As it is read when every document is open. */
const readInbound = (bytes: Uint8Array) => read(bytes, () => channel);

function frame(address: string, type: number, write: (encoder: encoding.Encoder) => void = () => {}): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

function sync(kind: number, payload: Uint8Array, address = 'plan'): Uint8Array {
  return frame(address, FrameType.Sync, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

function auth(token: string, kind = 0): Uint8Array {
  return frame('plan', FrameType.Auth, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarString(encoder, token);
  });
}

/** The update that writes `text`, after what was written before. */
function typed(text: string, before?: string): Uint8Array {
  const document = new Y.Doc();
  if (before !== undefined) document.getText('default').insert(0, before);
  const known = Y.encodeStateVector(document);
  document.getText('default').insert(before?.length ?? 0, text);
  return Y.encodeStateAsUpdate(document, known);
}

const refusal = (bytes: Uint8Array) => {
  const inbound = readInbound(bytes);
  return inbound.kind === 'refused' ? inbound.code : null;
};

describe('a frame from a client', () => {
  it('passes when it is sound, and says what it is', () => {
    const update = typed('a');
    const { structs } = Y.decodeUpdate(update);
    const edit = { kind: 'edit', channel, update, grows: true, structs, typing: null };
    assert.deepEqual(readInbound(sync(SyncType.Update, update)), { ...edit, isReply: false });
    assert.deepEqual(readInbound(sync(SyncType.Step2, update, 'plan\0session')), { ...edit, isReply: true });
    const letter = typed('b', 'a');
    const typing = { id: Y.decodeUpdate(letter).structs[0]?.id, length: 1 };
    assert.partialDeepStrictEqual(readInbound(sync(SyncType.Update, letter)), { kind: 'edit', grows: true, typing });
    // An answer may hold anything, and is asked who wrote it.
    assert.partialDeepStrictEqual(readInbound(sync(SyncType.Step2, letter)), { kind: 'edit', typing: null });
    assert.deepEqual(readInbound(sync(SyncType.Step1, new Uint8Array([0]))), { kind: 'sync', channel, isEmpty: true });
    const known = Y.encodeStateVectorFromUpdate(update);
    assert.deepEqual(readInbound(sync(SyncType.Step1, known)), { kind: 'sync', channel, isEmpty: false });
    assert.deepEqual(readInbound(frame('plan', FrameType.QueryAwareness)), { kind: 'other' });
    assert.deepEqual(readInbound(auth('s3cret')), { kind: 'token', channel, token: 's3cret' });
    assert.deepEqual(readInbound(frame('plan', FrameType.Close)), { kind: 'leave', channel });
    assert.deepEqual(readInbound(new Uint8Array([FrameType.Pong])), { kind: 'pong' });
    for (const type of [FrameType.Ping, FrameType.Pong]) assert.deepEqual(readInbound(frame('plan', type)), { kind: 'pong' });
  });

  it('[D2] is refused when its update is cut short, at whatever byte', () => {
    const update = typed('hello');
    for (let length = 0; length < update.length; length++) {
      assert.equal(refusal(sync(SyncType.Update, update.subarray(0, length))), 'malformed-update', `cut at ${length}`);
    }
  });

  it('[D2] is refused when the payload claims more bytes than there are', () => {
    const whole = sync(SyncType.Update, typed('hello'));
    assert.equal(refusal(whole.subarray(0, whole.length - 1)), 'malformed-update');
  });

  it('is refused when it has no header, an unknown type, or one only servers use', () => {
    assert.equal(refusal(new Uint8Array()), 'malformed-frame');
    assert.equal(refusal(new Uint8Array([200, 1])), 'malformed-frame');
    assert.equal(refusal(frame('plan', 99)), 'malformed-frame');
    assert.equal(refusal(frame('plan', FrameType.BroadcastStateless)), 'malformed-frame');
    assert.equal(refusal(frame('plan', FrameType.SyncStatus)), 'malformed-frame');
    assert.equal(refusal(frame('plan', FrameType.Stateless)), 'malformed-frame', 'it has no text');
    assert.equal(refusal(sync(7, typed('a'))), 'malformed-frame');
    assert.equal(refusal(frame('plan', FrameType.Auth)), 'malformed-frame');
    assert.equal(refusal(auth('granted', 2)), 'malformed-frame', 'only the server says who is let in');
    assert.equal(refusal(auth('x'.repeat(100_000))), 'malformed-frame');
  });

  it('[L2] [A1] is not read before its document is open, but for a token', () => {
    const early = (bytes: Uint8Array) => read(bytes, () => undefined);
    const damaged = sync(SyncType.Update, new Uint8Array([1, 255, 255]));
    for (const bytes of [
      damaged,
      sync(SyncType.Update, typed('a')),
      frame('plan', FrameType.Awareness),
      frame('plan', FrameType.Stateless),
    ]) {
      assert.deepEqual(early(bytes), { kind: 'early', address: 'plan' });
    }
    assert.deepEqual(early(auth('s3cret')), { kind: 'sign-in', address: 'plan' });
    assert.equal(early(frame('plan', FrameType.BroadcastStateless)).kind, 'refused');
  });

  it('[L2] is read of a reader only as far as readers have something to say', () => {
    const kindOf = (bytes: Uint8Array) => read(bytes, () => ({ mayWrite: false })).kind;
    const long = typed('x'.repeat(2 * 1024 * 1024));
    assert.equal(kindOf(sync(SyncType.Step2, typed('a'))), 'edit');
    assert.equal(kindOf(sync(SyncType.Update, typed('a'))), 'unwanted');
    assert.equal(kindOf(sync(SyncType.Step2, long)), 'unwanted');
    assert.equal(refusal(sync(SyncType.Update, long)), null, 'who may write may write much');
    assert.equal(refusal(sync(SyncType.Step1, long)), 'body-too-large');
    assert.equal(refusal(frame('plan', FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, long))), 'body-too-large');
  });

  it('[L3] is refused when its address is no document name', () => {
    for (const name of ['', '  ', '..', 'a\u0007b', 'é'.repeat(150)]) {
      const inbound = read(frame(name, FrameType.QueryAwareness), () => undefined);
      assert.equal(inbound.kind === 'refused' && inbound.code, 'bad-name', JSON.stringify(name));
    }
  });
});
