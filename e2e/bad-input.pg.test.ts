import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as Y from 'yjs';
import { ERRORS } from '../protocol/errors.ts';
import { FrameType, SyncType } from '../protocol/frames.ts';
import { frame, RawSocket, syncFrame } from './raw-socket.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

const NAME = 'plan';

function typedUpdates(...words: string[]): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update) => updates.push(update));
  for (const word of words) paragraphText(document).insert(paragraphText(document).length, word);
  document.destroy();
  return updates;
}

describe('what no provider would send', () => {
  let server: ServerProcess;
  let honest: WriterClient;
  before(async () => {
    server = await ServerProcess.start();
    honest = new WriterClient(server.collab, NAME);
    await honest.synced();
    honest.text.insert(0, 'honest');
    await honest.allSaved();
  });
  after(async () => {
    honest.close();
    await server.dispose();
  });

  /** The honest client noticed nothing: its socket is the same, its text stands, its edits are saved. */
  async function assertUnharmed(): Promise<void> {
    assert.ok(honest.provider.isSynced);
    honest.text.insert(honest.text.length, '.');
    await honest.allSaved();
    assert.match(honest.text.toString(), /^honest\.+$/);
  }

  const update = typedUpdates('x').at(-1)!;
  const refused: [string, keyof typeof ERRORS, () => Uint8Array | string][] = [
    ['an update cut short', 'malformed-update', () => syncFrame(NAME, SyncType.Update, update.subarray(0, update.length - 2))],
    ['an update of noise', 'malformed-update', () => syncFrame(NAME, SyncType.Update, new Uint8Array(64).fill(0xff))],
    ['a state vector of noise', 'malformed-update', () => syncFrame(NAME, SyncType.Step1, new Uint8Array(64).fill(0xff))],
    ['a frame without a header', 'malformed-frame', () => new Uint8Array([250])],
    ['an empty frame', 'malformed-frame', () => new Uint8Array()],
    ['text instead of binary', 'malformed-frame', () => 'hello'],
    ["the servers' own broadcast message", 'malformed-frame', () => frame(NAME, FrameType.BroadcastStateless)],
    ['a name with a control character', 'bad-name', () => frame('a\u0007b', FrameType.QueryAwareness)],
    ['a name of 300 bytes', 'bad-name', () => frame('n'.repeat(300), FrameType.QueryAwareness)],
    ['the name ".."', 'bad-name', () => frame('..', FrameType.QueryAwareness)],
  ];

  for (const [what, code, bytes] of refused) {
    it(`[D2] ${what} closes the socket with ${ERRORS[code].close} and changes nothing`, async () => {
      const socket = await RawSocket.into(server.collab, NAME);
      const acks = socket.count(FrameType.SyncStatus);
      socket.send(bytes());
      assert.equal(await socket.closeCode(), ERRORS[code].close);
      assert.equal(socket.count(FrameType.SyncStatus), acks, 'it was not acknowledged');
      await assertUnharmed();
    });
  }

  it('a frame for a document the socket has not signed in to changes nothing', async () => {
    const socket = await RawSocket.into(server.collab, NAME);
    for (const bytes of typedUpdates('intruder')) socket.send(syncFrame('elsewhere', SyncType.Update, bytes));
    // Frames of one socket are handled in order: when this is acknowledged, the others have been dealt with.
    socket.send(syncFrame(NAME, SyncType.Update, Y.encodeStateAsUpdate(honest.document)));
    await until('the last frame is acknowledged', () => socket.count(FrameType.SyncStatus) === 1);
    socket.close();
    const response = await fetch(`${server.url}/api/documents/elsewhere`);
    assert.equal(response.status, 404);
    await assertUnharmed();
  });

  it('[L3] a message past the limit closes the socket with 1009', async () => {
    const socket = await RawSocket.into(server.collab, NAME);
    socket.send(new Uint8Array(33 * 1024 * 1024));
    assert.equal(await socket.closeCode(), 1009);
    await assertUnharmed();
  });

  it('[A3] a page of another site is refused before the handshake', async () => {
    await assert.rejects(RawSocket.open(server.collab, { Origin: 'https://elsewhere.example' }), /403/);
    await assert.rejects(RawSocket.open(server.collab, { Host: 'rebound.example' }), /421/);
  });

  it('names with dots, slashes, spaces and emoji are ordinary names', async () => {
    for (const name of ['team/plan', 'a/../b', 'v1.2', 'Größe & Maß', '🖋️', '%2F', 'n'.repeat(255)]) {
      const client = new WriterClient(server.collab, name);
      await client.synced();
      client.text.insert(0, name);
      await client.allSaved();
      client.close();
      const exported = await fetch(`${server.url}/api/documents/${encodeURIComponent(name)}/export?format=text`);
      assert.equal(await exported.text(), name);
    }
  });
});

describe('an update whose dependency is missing', () => {
  it('[D3] is kept once acknowledged, over kill -9, and joins when the dependency comes', async (t) => {
    const server = await ServerProcess.start();
    t.after(() => server.dispose());
    const [paragraph, first, second] = typedUpdates('one ', 'two');
    const early = await RawSocket.into(server.collab, NAME);
    early.send(syncFrame(NAME, SyncType.Update, second!));
    await until('it is acknowledged', () => early.count(FrameType.SyncStatus) === 1);
    await server.kill9();
    early.close();
    await server.start();

    const late = await RawSocket.into(server.collab, NAME);
    for (const bytes of [paragraph!, first!]) late.send(syncFrame(NAME, SyncType.Update, bytes));
    await until('its dependencies are acknowledged', () => late.count(FrameType.SyncStatus) === 2);
    late.close();
    const reader = new WriterClient(server.collab, NAME);
    t.after(() => reader.close());
    await until('the text is whole', () => reader.document.getXmlFragment('default').toString().includes('one two'));
  });
});
