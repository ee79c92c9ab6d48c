import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as encoding from 'lib0/encoding';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { FrameType } from '../../protocol/frames.ts';
import { frame, RawSocket, signIn } from '../raw-socket.ts';
import { until } from '../wait.ts';
import type { WriterClient } from '../writer-client.ts';
import { TokenPath } from './token-path.ts';

const NAME = 'plan';

describe('presence with tokens', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  const start = async (t: TestContext) => TokenPath.start(t, await database.createDatabase());

  it('[P1] shows everyone under the name of their token, whatever they say', async (t) => {
    const server = await start(t);
    const [ada, bob] = [await server.writer(t, NAME, 'ada'), await server.writer(t, NAME, 'bob')];
    ada.provider.setAwarenessField('user', { id: 'bob', name: 'Bob', color: '#a0b1c2' });
    await until('she is seen', () => stateOf(bob, ada)?.user !== undefined);
    assert.deepEqual(stateOf(bob, ada)?.user, { id: 'ada', name: 'ada by token', color: '#a0b1c2' });
  });

  it('[P1] leaves the cursor of one person to that person: it is not moved, not ended, and not taken by another', async (t) => {
    const server = await start(t);
    const [ada, bob] = [await server.writer(t, NAME, 'ada'), await server.writer(t, NAME, 'bob')];
    ada.provider.setAwarenessField('cursor', 1);
    await until('it is seen', () => stateOf(bob, ada)?.cursor === 1);
    const eve = await RawSocket.into(server.path.collab, NAME, await server.token('eve', { [NAME]: 'edit' }));
    t.after(() => eve.close());
    eve.send(presence(ada.document.clientID, 1_000, { cursor: 666 }));
    eve.send(presence(ada.document.clientID, 1_001, null));
    eve.send(presence(4711, 1, { cursor: 3 }));
    eve.send(presence(4712, 1, { cursor: 4 }));
    await until('Eve is seen as herself', () => bob.provider.awareness!.getStates().get(4711)?.cursor === 3);
    ada.provider.setAwarenessField('cursor', 2);
    await until('Ada still speaks', () => stateOf(bob, ada)?.cursor === 2);
    assert.equal(bob.provider.awareness!.getStates().has(4712), false);
    eve.close();
    await until('[P2] Eve has gone', () => !bob.provider.awareness!.getStates().has(4711));
    assert.equal(stateOf(bob, ada)?.cursor, 2);
  });

  it('goes over to a new socket of the same person while the old one is not known to be dead, and ends when one says so', async (t) => {
    const server = await start(t);
    const bob = await server.writer(t, NAME, 'bob');
    const token = await server.token('ada', { [NAME]: 'edit' });
    const [before, after] = [await RawSocket.into(server.path.collab, NAME, token), await RawSocket.into(server.path.collab, NAME, token)];
    t.after(() => after.close());
    const seen = () => bob.provider.awareness!.getStates().get(4711)?.cursor;
    before.send(presence(4711, 1, { cursor: 1 }));
    await until('she is seen', () => seen() === 1);
    after.send(presence(4711, 2, { cursor: 2 }));
    await until('she goes on', () => seen() === 2);
    const connections = () => server.path.rooms.get(NAME)!.members.size;
    before.close();
    await until('the old socket is gone', () => connections() === 2);
    after.send(presence(4711, 3, { cursor: 3 }));
    await until('she is still there', () => seen() === 3);
    after.send(presence(4711, 4, null));
    await until('she has left', () => seen() === undefined);
    after.send(presence(4711, 5, { cursor: 5 }));
    await until('she is back', () => seen() === 5);
    after.close();
    await until('[P2] she leaves with her socket', () => seen() === undefined);
  });

  it('is seen by a viewer, and a viewer is seen', async (t) => {
    const server = await start(t);
    const ada = await server.writer(t, NAME, 'ada');
    const token = await server.token('vic', { [NAME]: 'view' });
    const viewer = server.client(t, NAME, async () => token);
    viewer.provider.setAwarenessField('cursor', 1);
    ada.provider.setAwarenessField('cursor', 2);
    await until('they see each other', () => stateOf(ada, viewer)?.cursor === 1 && stateOf(viewer, ada)?.cursor === 2);
    assert.deepEqual(stateOf(ada, viewer)?.user, { id: 'vic', name: 'vic by token' });
  });

  it('that does not decode closes the socket', async (t) => {
    const server = await start(t);
    const raw = await RawSocket.open(server.path.collab);
    raw.send(signIn(NAME, await server.token('eve', { [NAME]: 'view' })));
    raw.send(frame(NAME, FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array([1, 7, 1, 2, 123, 123]))));
    assert.equal(await raw.closeCode(), 4400);
  });
});

/** What one client knows of the presence of another. */
function stateOf(seer: WriterClient, seen: WriterClient): Record<string, unknown> | undefined {
  return seer.provider.awareness!.getStates().get(seen.document.clientID);
}

function presence(clientId: number, clock: number, state: unknown): Uint8Array {
  const update = encoding.encode((encoder) => {
    for (const number of [1, clientId, clock]) encoding.writeVarUint(encoder, number);
    encoding.writeVarString(encoder, JSON.stringify(state));
  });
  return frame(NAME, FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, update));
}
