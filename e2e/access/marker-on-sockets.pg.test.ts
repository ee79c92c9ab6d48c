import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import { parseRoleMessage } from '../../protocol/messages.ts';
import { RawSocket, signIn, syncFrame } from '../raw-socket.ts';
import { until } from '../wait.ts';
import { MESSAGES, NOTHING, WRITTEN } from './client-messages.ts';
import { MarkedServer, OTHER, PLAN, STRANGERS } from './marked-server.ts';

/** A document that holds more than it may, so that edits are refused with a code of their own. */
const FULL = 'full';

/** Whoever asks for a document by an address that leads there in some way. */
const ADDRESSES = [PLAN, `${PLAN}\0session`, `${OTHER}\0${PLAN}`, FULL];

describe('[A1] of every byte that a socket receives', () => {
  let marked: MarkedServer;
  let strangers: Record<(typeof STRANGERS)[number], string>;
  let reader: RawSocket;
  before(async () => {
    marked = await MarkedServer.start({ INKWIRE_MAX_DOCUMENT_BYTES: '20000', INKWIRE_TOKEN_GRACE_MS: '600000' });
    await marked.create(FULL, '', `${'long '.repeat(5_000)}`);
    strangers = await marked.strangers();
    reader = await RawSocket.into(marked.server.collab, FULL, await marked.token('reader', { [FULL]: 'view' }));
  });
  after(async () => {
    reader.close();
    await marked.stop();
  });

  async function open(t: TestContext): Promise<RawSocket> {
    const socket = await RawSocket.open(marked.server.collab);
    t.after(() => socket.close());
    return socket;
  }

  /** Resolves when the server is done with what was sent, which its answer to a sign-in tells, or has closed the socket. */
  async function done(socket: RawSocket): Promise<void> {
    const answered = () => socket.received.filter((bytes) => readFrameHeader(bytes).documentName === 'barrier').length;
    const before = answered();
    socket.send(signIn('barrier', ''));
    await until('the server is done', () => answered() > before || socket.closed !== null);
  }

  /** The types of the frames that concern a document the stranger has no business with. */
  const toldOf = (socket: RawSocket) =>
    socket.received
      .map(readFrameHeader)
      .filter(({ documentName }) => documentName === PLAN || documentName === FULL)
      .map(({ type }) => type);

  for (const who of STRANGERS) {
    it(`with ${who} none is of the document, whatever is sent, before it is refused and after`, async (t) => {
      const sockets: RawSocket[] = [];
      for (const frames of Object.values(MESSAGES)) {
        const socket = await open(t);
        sockets.push(socket);
        const all = ADDRESSES.flatMap((address) => frames(address));
        for (const frame of all) socket.send(frame);
        await done(socket);
        for (const address of [OTHER, ...ADDRESSES]) socket.send(signIn(address, strangers[who]));
        await done(socket);
        for (const frame of all) socket.send(frame);
        await done(socket);
      }
      await marked.write();
      for (const socket of sockets) await done(socket);
      for (const socket of sockets) {
        assert.deepEqual(marked.marksIn(socket.received), []);
        assert.ok(
          toldOf(socket).every((type) => type === FrameType.Auth),
          `frames of the types ${toldOf(socket)} are about the document`,
        );
        assert.ok(socket.closed === null || socket.closed.code === 4400, `closed with ${socket.closed?.code}, which tells something`);
      }
      assert.ok(!marked.ada.document.getXmlFragment('default').toString().includes(WRITTEN));
    });
  }

  it('after a revocation none is of what was written since, whatever is sent', async (t) => {
    const sub = 'once-a-reader';
    const token = await marked.token(sub, { [PLAN]: 'edit' });
    const sockets: [RawSocket, readonly Uint8Array[]][] = [];
    for (const [message, frames] of Object.entries(MESSAGES)) {
      // With a token it would be let in again; that the revoked one is refused is tried above.
      if (message === 'Auth') continue;
      const socket = await RawSocket.into(marked.server.collab, PLAN, token);
      t.after(() => socket.close());
      socket.send(syncFrame(PLAN, SyncType.Step1, NOTHING));
      await until('it reads', () => marked.marksIn(socket.received).includes('text'));
      sockets.push([socket, frames(PLAN)]);
    }
    await marked.revoke(sub);
    for (const [socket, frames] of sockets) {
      await until('it is told', () => roleReasons(socket).includes('revoked'));
      socket.received.length = 0;
      for (const frame of frames) socket.send(frame);
      // Nobody's answer tells whether the document holds something: here, what it does hold.
      socket.send(syncFrame(PLAN, SyncType.Step2, Y.encodeStateAsUpdate(marked.ada.document)));
      await done(socket);
    }
    await marked.write();
    for (const [socket] of sockets) {
      await done(socket);
      assert.deepEqual(marked.marksIn(socket.received), []);
      const about = socket.received.filter((bytes) => readFrameHeader(bytes).documentName === PLAN);
      for (const bytes of about) {
        const { type } = readFrameHeader(bytes);
        assert.ok(
          type === FrameType.Auth || type === FrameType.Close || (type === FrameType.SyncStatus && bytes.at(-1) === 0),
          `a frame of type ${type}`,
        );
      }
    }
  });

  it('some are of the document with a role for it: the search finds what there is', async (t) => {
    const socket = await RawSocket.into(marked.server.collab, PLAN, await marked.token('reader', { [PLAN]: 'view' }));
    t.after(() => socket.close());
    socket.send(syncFrame(PLAN, SyncType.Step1, NOTHING));
    socket.send(MESSAGES.QueryAwareness(PLAN)[0]!);
    await until('it reads', () => marked.marksIn(socket.received).length === 5);
    assert.deepEqual(marked.marksIn(socket.received), ['text', 'title', 'author', 'person', 'caret']);
  });
});

function roleReasons(socket: RawSocket): (string | null)[] {
  return socket.received.flatMap((bytes) => {
    const { type, bodyAt } = readFrameHeader(bytes);
    if (type !== FrameType.Stateless) return [];
    return [parseRoleMessage(decoding.readVarString(decoding.createDecoder(bytes.subarray(bodyAt))))?.reason ?? null];
  });
}
