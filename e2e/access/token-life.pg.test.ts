import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as encoding from 'lib0/encoding';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import { frame, RawSocket, syncFrame } from '../raw-socket.ts';
import { until } from '../wait.ts';
import { acks, closeOf, roles, rolesOf, textIn, typed } from './received.ts';
import { HOUR_S, TokenPath } from './token-path.ts';

const NAME = 'plan';
const MARKER = 'nobody-may-read-this';

describe('the life of a token on a socket', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  const start = async (t: TestContext) => TokenPath.start(t, await database.createDatabase());

  it('[A1] sends nothing more after a revocation, and what was missed with the next token', async (t) => {
    const server = await start(t);
    const ada = await server.writer(t, NAME);
    const next = Promise.withResolvers<string>();
    const first = await server.token('bob', { [NAME]: 'edit' });
    let asked = 0;
    const bob = server.client(t, NAME, () => (asked++ === 0 ? Promise.resolve(first) : next.promise));
    const received: Uint8Array[] = [];
    const told = rolesOf(bob);
    await bob.allSaved();
    bob.provider.on('message', ({ event }: { event: { data: ArrayBuffer } }) => received.push(new Uint8Array(event.data)));
    await server.elsewhere.revoke({ sub: 'bob' });
    await until('it is told', () => told.at(-1)?.reason === 'revoked');
    received.length = 0;
    ada.text.insert(0, MARKER);
    ada.provider.setAwarenessField('note', MARKER);
    await ada.allSaved();
    bob.provider.forceSync();
    bob.text.insert(0, 'mine');
    await until('the edit is refused', () => bob.acks.refused);
    assert.equal(Buffer.concat(received).includes(MARKER), false);
    next.resolve(await server.token('bob', { [NAME]: 'view' }));
    await until('it has what it missed', () => bob.document.getXmlFragment('default').toString().includes(MARKER));
    assert.deepEqual(told.at(-1), { type: 'inkwire/role', role: 'view', reason: 'changed' });
    const note = () => [...bob.provider.awareness!.getStates().values()].some((state) => state.note === MARKER);
    await until('and who is there', note);
    assert.equal(bob.provider.isSynced, true);
  });

  it('[A1] answers no question of whoever was revoked, in whatever message it stands', async (t) => {
    const server = await start(t);
    const ada = await server.writer(t, NAME);
    ada.text.insert(0, MARKER);
    ada.provider.setAwarenessField('note', MARKER);
    await ada.allSaved();
    const eve = await RawSocket.into(server.path.collab, NAME, await server.token('eve', { [NAME]: 'edit' }));
    t.after(() => eve.close());
    await until('she is in', () => roles(eve).length === 1);
    await server.access.revoke({ sub: 'eve' });
    await until('she is told', () => roles(eve).at(-1)?.reason === 'revoked');
    eve.received.length = 0;
    const step1 = (encoder: encoding.Encoder, vector: number[]) => {
      encoding.writeVarUint(encoder, SyncType.Step1);
      encoding.writeVarUint8Array(encoder, new Uint8Array(vector));
    };
    for (const vector of [[0], [1, 7, 1]]) {
      for (const type of [FrameType.Sync, FrameType.SyncReply]) eve.send(frame(NAME, type, (encoder) => step1(encoder, vector)));
    }
    eve.send(frame(NAME, FrameType.QueryAwareness));
    // Two answers, one after the other: what Hocuspocus had to say of the questions is said by then.
    for (const answers of [1, 2]) {
      eve.send(syncFrame(NAME, SyncType.Update, typed('mine')));
      await until('the edit is refused', () => acks(eve).length === answers);
    }
    const types = new Set(eve.received.map((received) => readFrameHeader(received).type));
    assert.deepEqual(
      [...types].filter((type) => type !== FrameType.Auth),
      [FrameType.SyncStatus],
    );
    assert.equal(textIn(eve).includes(MARKER), false);
  });

  it('closes the socket with 4441 when a revoked token gets no successor', async (t) => {
    const server = await start(t);
    const ada = await server.writer(t, NAME);
    const closed = closeOf(ada);
    await server.access.revoke({ sub: 'ada' });
    await until('the server has noticed', () => ada.provider.authorizedScope === 'readonly');
    server.pass(31);
    assert.equal(await closed, ERRORS['token-revoked'].close);
  });

  it('closes the socket with 4403 when the other token has no role for the document, and with 4401 when it is for somebody else', async (t) => {
    const server = await start(t);
    for (const [sub, access, code] of [
      ['ada', { other: 'edit' }, 'forbidden'],
      ['eve', { [NAME]: 'edit' }, 'token-invalid'],
    ] as const) {
      const tokens = [await server.token('ada', { [NAME]: 'edit' }), await server.token(sub, access)];
      const ada = server.client(t, NAME, async () => tokens.shift() ?? '');
      await ada.allSaved();
      const closed = closeOf(ada);
      await ada.provider.sendToken();
      assert.equal(await closed, ERRORS[code].close, code);
      ada.close();
    }
  });

  it('asks for another token at 80 % of the life of this one, and goes on with it', async (t) => {
    const server = await start(t);
    let asked = 0;
    const ada = server.client(t, NAME, () => {
      asked++;
      return server.token('ada', { [NAME]: 'edit' });
    });
    const told = rolesOf(ada);
    let closes = 0;
    ada.socket.on('close', () => closes++);
    await ada.allSaved();
    for (const round of [2, 3]) {
      server.pass(0.81 * HOUR_S);
      await until('it is asked', () => asked === round);
      ada.text.insert(0, 'on ');
      await ada.allSaved();
    }
    assert.equal(closes, 0);
    assert.deepEqual(told, [{ type: 'inkwire/role', role: 'edit', reason: null }], 'nothing has changed');
  });

  it('is to read after the token has expired, until the grace is over: 4440', async (t) => {
    const server = await start(t);
    const bob = server.client(t, NAME, () => server.token('bob', { '*': 'edit' }, 10 * HOUR_S));
    const token = await server.token('ada', { [NAME]: 'edit' });
    let asked = 0;
    const ada = server.client(t, NAME, async () => {
      asked++;
      return token;
    });
    const told = rolesOf(ada);
    await Promise.all([ada.allSaved(), bob.allSaved()]);
    const closed = closeOf(ada);
    server.pass(HOUR_S);
    await until('it is told', () => told.at(-1)?.reason === 'expired');
    await until('it is asked', () => asked > 1);
    ada.text.insert(0, 'too late ');
    await until('the edit is refused', () => ada.acks.refused);
    bob.text.insert(0, 'to be read');
    await until('it still reads', () => ada.document.getXmlFragment('default').toString().includes('to be read'));
    server.pass(31);
    assert.equal(await closed, ERRORS['token-expired'].close);
    assert.equal(bob.text.toString(), 'to be read');
  });
});
