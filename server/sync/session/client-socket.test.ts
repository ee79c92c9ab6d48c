import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { FrameType } from '../../../protocol/frames.ts';
import { ClientSocket } from './client-socket.ts';

function frame(type: number, ...body: number[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, 'plan');
    encoding.writeVarUint(encoder, type);
    for (const byte of body) encoding.writeVarUint(encoder, byte);
  });
}

/** A gate over a socket that records, and a log whose commit the test decides. */
function gated() {
  const sent: Uint8Array[] = [];
  const closes: [number | undefined, string | undefined][] = [];
  const waiting: (() => void)[] = [];
  const socket = {
    readyState: 1,
    send: (data: Uint8Array) => void sent.push(data),
    close: (code?: number, reason?: string) => void closes.push([code, reason]),
    bufferedAmount: 0,
    onceDrained: () => {},
    pause: () => {},
    resume: () => {},
  };
  const gate = new ClientSocket(socket, (_name, callback) => void waiting.push(callback), { slow: 1_000, most: MOST_UNREAD });
  return {
    gate,
    socket,
    sent,
    closes,
    commit: () => {
      for (const callback of waiting.splice(0)) callback();
    },
  };
}

/** What Hocuspocus sends when a document channel is closed. */
function closeFrame(reason: string): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, 'plan');
    encoding.writeVarUint(encoder, FrameType.Close);
    encoding.writeVarString(encoder, reason);
  });
}

const MOST_UNREAD = 10_000;

const ACK = frame(FrameType.SyncStatus, 1);

describe('the socket of a client', () => {
  it('[D1] holds an acknowledgement until the commit', () => {
    const { gate, sent, commit } = gated();
    gate.send(ACK);
    assert.deepEqual(sent, []);
    commit();
    assert.deepEqual(sent, [ACK]);
  });

  it('[D1] sends one acknowledgement for each, since providers count them', () => {
    const { gate, sent, commit } = gated();
    for (let i = 0; i < 3; i++) gate.send(ACK);
    commit();
    assert.equal(sent.length, 3);
  });

  it('lets everything else pass at once: broadcasts, refusals, and what merely ends like an acknowledgement', () => {
    const { gate, sent } = gated();
    const others = [frame(FrameType.SyncStatus, 0), frame(FrameType.Sync, 2, 1, 8, 1), frame(FrameType.Awareness, 1, 8, 1)];
    for (const other of others) gate.send(other);
    assert.deepEqual(sent, others);
  });

  it('sends nothing on a socket that closed before the commit', () => {
    const { gate, socket, sent, commit } = gated();
    gate.send(ACK);
    socket.readyState = 3;
    commit();
    assert.deepEqual(sent, []);
  });

  it('[L1] lets a peer read one frame larger than the mark, and closes it when it leaves more than that unread', () => {
    const { gate, socket, closes } = gated();
    const large = frame(FrameType.Sync, ...new Array(3 * MOST_UNREAD).fill(1));
    const send = (bytes: Uint8Array) => {
      socket.bufferedAmount += bytes.length;
      gate.send(bytes);
    };
    send(large);
    send(frame(FrameType.Awareness, 0));
    assert.deepEqual(closes, []);
    for (let sent = 0; sent <= MOST_UNREAD; sent += 500) send(frame(FrameType.Sync, ...new Array(500).fill(1)));
    assert.equal(closes[0]?.[0], 1013);

    const reader = gated();
    for (let round = 0; round < 3; round++) {
      reader.socket.bufferedAmount = large.length;
      reader.gate.send(large);
      reader.socket.bufferedAmount = 0;
      reader.gate.send(frame(FrameType.Awareness, 0));
    }
    assert.deepEqual(reader.closes, [], 'it reads all it is sent');
  });

  it('closes the socket when Hocuspocus closes a document channel, but not when the provider left it', () => {
    const { gate, closes } = gated();
    gate.send(closeFrame('provider_initiated'));
    assert.deepEqual(closes, []);
    gate.send(closeFrame('Reset Connection'));
    assert.deepEqual(closes, [[4205, 'Reset Connection']]);
  });
});
