import assert from 'node:assert/strict';
import * as encoding from 'lib0/encoding';
import { FrameType, SyncType } from '../../../protocol/frames.ts';
import type { CaseGroup } from '../case.ts';
import { presenceOf, typed } from '../frame-client.ts';

export const addressFrames: CaseGroup = {
  title: 'Addresses and the rest, frame by frame',
  by: 'frames',
  cases: [
    {
      title: 'A client that signs in as `name\\0session` is answered under that address, in every kind of frame.',
      async run(scene) {
        const plain = await scene.frames();
        const address = `${scene.name}\0session`;
        const client = await scene.frames(address);
        await client.roundTrip();
        client.update(...typed('mine'));
        plain.awareness(presenceOf(1, 1, { mark: 'here' }));
        plain.update(...typed('yours'));
        await client.acknowledged(1);
        await scene.soon('text and presence have come', () => client.text.includes('yours') && client.presence.has(1));
        assert.deepEqual([...new Set(client.received().map((received) => received.address))], [address]);
        assert.deepEqual([...new Set(plain.received().map((received) => received.address))], [scene.name]);
      },
    },
    {
      title: 'The scope is told with the answer to the token.',
      async run(scene) {
        const client = await scene.frames();
        const [answer] = client.received(FrameType.Auth);
        assert.deepEqual([...answer!.body], [2, 10, ...new TextEncoder().encode('read-write')]);
      },
    },
    {
      title: 'A Close is answered by a Close, the socket stays open, and the document can be opened again on it.',
      async run(scene) {
        const client = await scene.frames();
        client.update(...typed('kept'));
        await client.acknowledged(1);
        const keeper = await scene.frames();
        client.send(FrameType.Close, (encoder) => encoding.writeVarString(encoder, ''));
        await scene.soon('it is answered', () => client.received(FrameType.Close).length === 1);
        client.signIn(scene.target.token);
        await scene.soon('it is let in again', () => client.received(FrameType.Auth).length === 2);
        await client.roundTrip();
        assert.equal(client.text, 'kept');
        client.sync(SyncType.Update, typed('again')[0]!);
        await client.acknowledged(2);
        await scene.soon('the other reads it', () => keeper.text.includes('again'));
        assert.equal(client.socket.closed, null);
      },
    },
    {
      title: 'A bare Pong is ignored.',
      knownToFail: {
        stock: 'it is taken for a frame without an address, and the socket closed with 4401; no server of 4.7 sends a Ping',
      },
      async run(scene) {
        const client = await scene.frames();
        client.socket.send(Uint8Array.of(FrameType.Pong));
        await client.roundTrip();
        assert.equal(client.socket.closed, null);
      },
    },
    {
      title: 'A stateless message nobody expects changes nothing.',
      async run(scene) {
        const client = await scene.frames();
        client.send(FrameType.Stateless, (encoder) => encoding.writeVarString(encoder, '\0 no JSON, no words'));
        await client.roundTrip();
        client.update(...typed('goes on'));
        await client.acknowledged(1);
        assert.deepEqual(client.received(FrameType.Stateless), []);
      },
    },
    {
      title: 'A query in the URL is taken.',
      async run(scene) {
        const url = new URL(scene.target.url);
        url.searchParams.set('document', scene.name);
        const client = await scene.frames(scene.name, scene.target.token, url.href);
        await client.roundTrip();
      },
    },
  ],
};
