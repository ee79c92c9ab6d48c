import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { presenceUpdate } from '../../protocol/awareness-update.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { MESSAGE_PERMISSIONS } from '../../protocol/frame-permissions.ts';
import { AuthType, FrameType, SyncType } from '../../protocol/frames.ts';
import { FRAME_HANDLERS } from './frame-handlers.ts';
import { acks, auth, frame, STEP1, server, settled, sync, written } from './testing/server.ts';

describe('the handlers of frames', () => {
  it('[A1] are for the messages of the table that says what each takes, and no others', () => {
    assert.deepEqual(Object.keys(FRAME_HANDLERS).toSorted(), Object.keys(MESSAGE_PERMISSIONS).toSorted());
  });
});

describe('a frame of a client', () => {
  it('[A1] [W4] answers a reader whose reply brings nothing, and refuses what they write', async (t) => {
    const { log, enter } = server(t);
    const reader = await enter('reader');
    const [update] = written('graffiti');
    reader.receive(sync(SyncType.Update, update!));
    reader.receive(sync(SyncType.Step2, update!));
    reader.receive(sync(SyncType.Step2, Uint8Array.of(0, 0)));
    log.commit();
    assert.deepEqual(acks(reader), [0, 0, 1]);
    assert.deepEqual(log.appended, []);
  });

  it('[L2] [A1] reads nothing but a token before its document is open', async (t) => {
    const { connect } = server(t);
    const client = connect();
    const damaged = sync(SyncType.Update, Uint8Array.of(1, 255, 255));
    for (const bytes of [damaged, frame(FrameType.Sync), frame(FrameType.Awareness), frame(FrameType.Stateless)]) client.receive(bytes);
    assert.deepEqual([client.link.closes, client.link.sent], [[], []]);
    client.receive(auth('ada'));
    await settled();
    assert.equal(client.link.closes[0]?.[0], ERRORS['malformed-update'].close, 'what waited is read then');
  });

  it('[W2] is closed for what no client may send, in a document or before', async (t) => {
    const { connect, enter } = server(t);
    const token = frame(FrameType.Auth, (encoder) => encoding.writeVarUint(encoder, AuthType.Authenticated));
    for (const bytes of [new Uint8Array(), frame(99), frame(FrameType.BroadcastStateless), frame(FrameType.SyncStatus), token]) {
      for (const client of [connect(), await enter()]) {
        client.receive(bytes);
        assert.equal(client.link.closes[0]?.[0], ERRORS['malformed-frame'].close);
      }
    }
    const inside = await enter();
    inside.receive(sync(7, Uint8Array.of(0)));
    assert.equal(inside.link.closes[0]?.[0], ERRORS['malformed-frame'].close);
  });

  it('[L2] reads of a reader only as far as readers have something to say', async (t) => {
    const { enter } = server(t);
    const long = written('x'.repeat(2 * 1024 * 1024))[0]!;
    const reader = await enter('reader');
    reader.receive(sync(SyncType.Step2, long));
    await settled();
    assert.deepEqual(acks(reader), [0]);
    for (const bytes of [sync(SyncType.Step1, long), frame(FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, long))]) {
      const client = await enter('reader');
      client.receive(bytes);
      await settled();
      assert.equal(client.link.closes[0]?.[0], ERRORS['body-too-large'].close);
    }
  });

  it('[L3] is closed when an address is no document name', (t) => {
    const { connect } = server(t);
    for (const name of ['', '  ', '..', 'a\u0007b', 'é'.repeat(150)]) {
      const client = connect();
      client.receive(frame(FrameType.QueryAwareness, () => {}, name));
      assert.equal(client.link.closes[0]?.[0], ERRORS['bad-name'].close, JSON.stringify(name));
    }
  });

  it('[W4] answers a Step1 by a Step1 and then a Step2 of what it lacks, and a SyncReply by the Step2 alone', async (t) => {
    const { enter } = server(t);
    const ada = await enter();
    ada.receive(sync(SyncType.Update, written('text')[0]!));
    const bob = await enter('bob');
    bob.receive(STEP1);
    bob.receive(sync(SyncType.Step1, Uint8Array.of(1, 5, 0)));
    const asked = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, SyncType.Step1);
      encoding.writeVarUint8Array(encoder, Uint8Array.of(0));
    });
    bob.receive(frame(FrameType.SyncReply, (encoder) => encoding.writeUint8Array(encoder, asked)));
    const { Step1, Step2 } = SyncType;
    assert.deepEqual(
      bob.received(FrameType.Sync).map(({ body }) => body[0]),
      [Step1, Step2, Step1, Step2, Step2],
    );
  });

  it('[W7] says what a member may do, after it signed in and before anything of the document', async (t) => {
    const { enter } = server(t);
    const ada = await enter();
    ada.receive(STEP1);
    const types = ada.received().map(({ type }) => type);
    assert.deepEqual(types, [FrameType.Auth, FrameType.Stateless, FrameType.Sync, FrameType.Sync]);
    assert.match(Buffer.from(ada.link.sent[1]!).toString(), /{"type":"inkwire\/role","role":"edit","reason":null}$/);
  });

  it("[W6] answers a QueryAwareness with everyone's presence", async (t) => {
    const { enter } = server(t);
    const [ada, bob] = [await enter(), await enter('bob')];
    const caret = presenceUpdate(7, 1, Buffer.from('{"caret":1}'));
    ada.receive(frame(FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, caret)));
    await settled();
    const told = bob.received(FrameType.Awareness).length;
    bob.receive(frame(FrameType.QueryAwareness));
    assert.equal(bob.received(FrameType.Awareness).length, told + 1);
  });
});
