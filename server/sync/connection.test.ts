import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { type Codec, hocuspocus } from '../../protocol/codec.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { AuthType, FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import { yWebsocket } from '../../protocol/y-websocket.ts';
import type { Visit } from '../ports/visit.ts';
import { acks, auth, frame, MAX_UNREAD, STEP1, server, settled, sync, written } from './testing/server.ts';

const inverse = (bytes: Uint8Array) => bytes.map((byte) => ~byte);

/** Hocuspocus' frames with every bit turned over, so that what is read or written past this codec is no frame. */
const INVERSE: Codec = {
  ...hocuspocus,
  read: (bytes) => hocuspocus.read(inverse(bytes)),
  step1: (...of) => inverse(hocuspocus.step1(...of)),
  step2: (...of) => inverse(hocuspocus.step2(...of)),
  update: (...of) => inverse(hocuspocus.update(...of)),
  ack: (...of) => inverse(hocuspocus.ack(...of)),
  authenticated: (...of) => inverse(hocuspocus.authenticated(...of)),
  stateless: (...of) => inverse(hocuspocus.stateless(...of)),
  closed: (...of) => inverse(hocuspocus.closed(...of)),
};

describe('a connection', () => {
  it('[D1] [W5] acknowledges an edit when it is committed, and each once, since providers count them', async (t) => {
    const { log, enter } = server(t);
    const [ada, bob] = [await enter(), await enter('bob')];
    const edits = written('saved ', 'means ', 'saved');
    for (const update of edits) ada.receive(sync(SyncType.Update, update));
    await settled();
    assert.equal(bob.received(FrameType.Sync).length > 0, true, 'others see it at once');
    assert.deepEqual(acks(ada), []);
    log.commit();
    assert.deepEqual(acks(ada), [1, 1, 1]);
    assert.deepEqual(log.authors, ['ada', 'ada', 'ada']);
  });

  it('sends nothing on a link that has ended before the commit', async (t) => {
    const { log, enter } = server(t);
    const ada = await enter();
    ada.receive(sync(SyncType.Update, written('a')[0]!));
    const before = ada.link.sent.length;
    ada.link.readyState = 3;
    ada.closed();
    log.commit();
    assert.equal(ada.link.sent.length, before);
  });

  it('[L1] lets a client read one frame larger than the mark, and ends the link when more than that is left unread', async (t) => {
    const { enter } = server(t);
    const [ada, slow] = [await enter(), await enter('slow')];
    const send = slow.link.send.bind(slow.link);
    slow.link.send = (bytes) => {
      slow.link.bufferedAmount += bytes.length;
      send(bytes);
    };
    const texts = written('x'.repeat(1.5 * MAX_UNREAD), 'and more');
    ada.receive(sync(SyncType.Update, texts[0]!));
    await settled();
    ada.receive(sync(SyncType.Update, texts[1]!));
    await settled();
    assert.deepEqual(slow.link.closes, []);
    const before = slow.received(FrameType.Sync).length;
    slow.link.drain();
    assert.equal(slow.received(FrameType.Sync).length, before + 1, 'what it missed, in one difference');
    for (let asked = 0; asked < 20; asked++) slow.receive(sync(SyncType.Step1, Uint8Array.of(1, 5, 0)));
    assert.equal(slow.link.closes[0]?.[0], ERRORS['slow-reader'].close);
  });

  it('[W3] answers what came before its member was in once it is, in order, and forgets what was refused', async (t) => {
    const { log, connect } = server(t);
    const ada = connect();
    ada.receive(auth('ada'));
    ada.receive(STEP1);
    for (const update of written('be', 'fore')) ada.receive(sync(SyncType.Update, update));
    await settled();
    log.commit();
    const kinds = ada.received().map(({ type }) => type);
    assert.deepEqual(kinds[0], FrameType.Auth);
    assert.deepEqual(acks(ada), [1, 1]);
    const eve = connect();
    eve.receive(auth('bad'));
    eve.receive(sync(SyncType.Update, written('intruder')[0]!));
    await settled();
    eve.receive(auth('eve'));
    await settled();
    assert.equal(log.appended.length, 2);
  });

  it('[W3] refuses a token for its document alone, and says what is wrong with it', async (t) => {
    const { enter } = server(t);
    const client = await enter('bad');
    const [denied] = client.received(FrameType.Auth);
    assert.equal(denied?.body[0], AuthType.PermissionDenied);
    assert.equal(Buffer.from(denied!.body.subarray(2)).toString(), 'token-invalid');
    assert.deepEqual(client.link.closes, []);
    for (let tries = 0; tries < 3; tries++) {
      client.receive(auth('bad'));
      await settled();
    }
    assert.equal(client.link.closes[0]?.[0], ERRORS['too-many-documents'].close, 'but not for ever');
  });

  it('ends the link when a token could not be checked, so that the same one is tried again', async (t) => {
    const { enter, errors } = server(t);
    const client = await enter('later');
    assert.deepEqual(client.link.closes, [[1013, ERRORS['keys-unavailable'].title]]);
    assert.equal(errors.length, 1);
  });

  it('counts bad tokens also when they come to renew a good one', async (t) => {
    const seen: string[] = [];
    let left = 2;
    const visit: Visit = {
      pace: { charge: () => 'go' },
      address: '192.0.2.1',
      signedIn: () => null,
      badToken: () => (left-- > 0 ? null : 'too-many-requests'),
      refused: (code) => void seen.push(code),
    };
    const { enter } = server(t, { visit });
    const ada = await enter();
    for (let tries = 0; tries < 3; tries++) {
      ada.receive(auth('bad'));
      await settled();
    }
    assert.deepEqual(seen, ['token-invalid', 'token-invalid', 'too-many-requests']);
    assert.equal(ada.link.closes[0]?.[0], ERRORS['too-many-requests'].close);
  });

  it('[W8] answers a Close with a Close and stays, and lets the same document be opened again', async (t) => {
    const { enter, rooms } = server(t);
    const ada = await enter();
    ada.receive(frame(FrameType.Close, (encoder) => encoding.writeVarString(encoder, '')));
    ada.receive(auth('ada'));
    await settled();
    assert.equal(ada.received(FrameType.Close).length, 1);
    assert.equal(ada.received(FrameType.Auth).length, 2);
    assert.deepEqual(ada.link.closes, []);
    assert.equal(rooms.get('plan')?.members.size, 1);
  });

  it('[W8] ends the link when the server ends a stay, since a provider whose document alone is closed never asks again', async (t) => {
    const { enter, rooms, traces } = server(t, {
      hooks: {
        renew: async () => {
          throw { reason: 'Unauthorized' };
        },
      },
    });
    const ada = await enter();
    ada.receive(auth('ada'));
    await settled();
    assert.equal(ada.received(FrameType.Close).length, 1);
    assert.deepEqual(ada.link.closes, [[4205, 'Reset Connection']]);
    assert.deepEqual(traces.at(-2), ['dismissed', { connection: 1, document: 'plan', reason: 'Unauthorized' }]);
    assert.equal(rooms.size, 0, 'nobody is in it');
  });

  it('[S4] leaves nothing in memory when its link ends, also while a member is entering', async (t) => {
    const { connect, rooms, enter } = server(t);
    const ada = await enter();
    const bob = connect();
    bob.receive(auth('bob'));
    bob.link.readyState = 3;
    bob.closed();
    ada.closed();
    await settled();
    assert.equal(rooms.size, 0);
  });

  it('traces its life, by ids', async (t) => {
    const visit: Visit = {
      pace: { charge: () => 'go' },
      address: '192.0.2.1',
      signedIn: () => null,
      badToken: () => null,
      refused: () => {},
    };
    const { enter, connect, traces } = server(t, { visit });
    const ada = await enter();
    ada.receive(sync(SyncType.Update, written('words that no log may hold')[0]!));
    ada.closed();
    connect().receive(frame(99));
    await enter('bad');
    const grace = await enter('grace');
    const code = ERRORS['slow-reader'].close!;
    grace.closed({ by: 'server', code, reason: ERRORS['slow-reader'].title });
    assert.deepEqual(traces, [
      ['opened', { connection: 1, address: '192.0.2.1' }],
      ['joined', { connection: 1, document: 'plan', sub: 'ada' }],
      ['left', { connection: 1, document: 'plan' }],
      ['closed', { connection: 1, by: 'client', code: 1000, reason: null }],
      ['opened', { connection: 2, address: '192.0.2.1' }],
      ['refused malformed-frame', { connection: 2, detail: 'A client may not send messages of type 99.' }],
      ['opened', { connection: 3, address: '192.0.2.1' }],
      ['denied token-invalid', { connection: 3, document: 'plan' }],
      ['opened', { connection: 4, address: '192.0.2.1' }],
      ['joined', { connection: 4, document: 'plan', sub: 'grace' }],
      ['left', { connection: 4, document: 'plan' }],
      ['closed', { connection: 4, by: 'server', code, reason: ERRORS['slow-reader'].title }],
    ]);
  });

  it('[W2] answers a ping that is about no document, before anybody has signed in, and no other', async (t) => {
    const { connect, enter } = server(t);
    const client = connect();
    client.receive(Uint8Array.of(FrameType.Ping));
    assert.deepEqual(
      client.link.sent.map((bytes) => [...bytes]),
      [[FrameType.Pong]],
    );
    const ada = await enter();
    const before = ada.link.sent.length;
    ada.receive(frame(FrameType.Ping));
    ada.receive(Uint8Array.of(FrameType.Pong));
    await settled();
    assert.equal(ada.link.sent.length, before);
  });

  it("[Y1] sends y-websocket's provider something within the 30 seconds after which it takes the connection for dead", async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { connect } = server(t);
    const [quiet, kept] = [connect(), connect({ codec: yWebsocket, only: { documentName: 'plan', token: 'ada' } })];
    t.mock.timers.tick(29_000);
    assert.deepEqual(quiet.link.sent, []);
    assert.deepEqual(
      kept.link.sent.map((bytes) => [...bytes]),
      [
        [1, 1, 0],
        [1, 1, 0],
      ],
    );
    kept.closed();
    t.mock.timers.tick(29_000);
    assert.equal(kept.link.sent.length, 2);
  });

  it('speaks the protocol it was opened with, beside others in the same document', async (t) => {
    const { log, connect } = server(t);
    const [ada, bob] = [connect(), connect({ codec: INVERSE, only: null })];
    const tell = (bytes: Uint8Array) => {
      ada.receive(bytes);
      bob.receive(inverse(bytes));
    };
    tell(auth('ada'));
    await settled();
    tell(STEP1);
    const [one, two] = written('one ', 'two');
    ada.receive(sync(SyncType.Update, one!));
    bob.receive(inverse(sync(SyncType.Update, two!)));
    await settled();
    log.commit();
    tell(frame(FrameType.Close));
    assert.deepEqual(bob.link.closes, []);
    const types = (sent: readonly Uint8Array[]) => sent.map((bytes) => readFrameHeader(bytes).type).sort();
    assert.deepEqual(types(bob.link.sent.map(inverse)), types(ada.link.sent));
  });

  it('opens no more documents than it may', async (t) => {
    const { connect } = server(t);
    const client = connect();
    for (const name of ['a', 'b', 'c', 'd']) client.receive(auth('ada', name));
    assert.equal(client.link.closes[0]?.[0], ERRORS['too-many-documents'].close);
  });
});
