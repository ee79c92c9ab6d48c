import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as encoding from 'lib0/encoding';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { presenceUpdate } from './awareness-update.ts';
import { FrameType, SyncType } from './frames.ts';
import { ackFrame, awarenessFrame, refusalFrame, syncFrame } from './server-frames.ts';

const ADDRESSES = ['plan', 'team/Größe 🖋️', 'plan\0session', 'n'.repeat(255)];
const LENGTHS = [0, 1, 127, 128, 16_383, 16_384, 3_000_000];

/** The frame as lib0's encoder writes it, which is what providers read. */
function encoded(address: string, type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

const bytes = (frame: Uint8Array) => Buffer.from(frame);

describe('a frame for a client', () => {
  it('[S3] is what lib0 would write, for any address and length', () => {
    for (const address of ADDRESSES) {
      for (const length of LENGTHS) {
        const payload = new Uint8Array(length).fill(length % 251);
        const sync = encoded(address, FrameType.Sync, (encoder) => {
          encoding.writeVarUint(encoder, SyncType.Update);
          encoding.writeVarUint8Array(encoder, payload);
        });
        assert.ok(bytes(syncFrame(address, SyncType.Update, payload)).equals(sync), `${address}, ${length} bytes`);
        const presence = encoded(address, FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, payload));
        assert.ok(bytes(awarenessFrame(address, payload)).equals(presence), `presence, ${address}, ${length} bytes`);
      }
      const ack = encoded(address, FrameType.SyncStatus, (encoder) => encoding.writeVarUint(encoder, 1));
      assert.ok(bytes(ackFrame(address)).equals(ack));
      assert.ok(
        bytes(refusalFrame(address)).equals(encoded(address, FrameType.SyncStatus, (encoder) => encoding.writeVarUint(encoder, 0))),
      );
    }
    const awareness = new Awareness(new Y.Doc());
    for (const clientId of [0, 127, 128, 2 ** 32 - 1, 2 ** 53 - 1]) {
      for (const state of [null, { text: 'ü'.repeat(200) }]) {
        awareness.meta.set(clientId, { clock: clientId, lastUpdated: 0 });
        awareness.states.set(clientId, state as Record<string, unknown>);
        const one = presenceUpdate(clientId, clientId, Buffer.from(JSON.stringify(state)));
        assert.ok(bytes(one).equals(encodeAwarenessUpdate(awareness, [clientId])), `presence of ${clientId}`);
      }
    }
    awareness.doc.destroy();
  });
});
