import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { HocuspocusProvider } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { ERRORS, InkwireError } from '../../protocol/errors.ts';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import type { Role } from '../../protocol/role.ts';
import { RawSocket, signIn, syncFrame } from '../raw-socket.ts';
import { until } from '../wait.ts';
import { paragraphText } from '../writer-client.ts';
import { acks, roles, rolesOf, textIn, typed } from './received.ts';
import { HOUR_S, TokenPath } from './token-path.ts';

const NAME = 'plan';
const MARKER = 'nobody-may-read-this';

describe('a role on a document', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  const start = async (t: TestContext, settings?: Parameters<typeof TokenPath.start>[2]) =>
    TokenPath.start(t, await database.createDatabase(), settings);

  for (const [what, token, reason] of [
    ['no token', async () => '', 'sign-in-required'],
    ['a token of noise', async () => 'noise', 'token-invalid'],
    ['an expired token', (server: TokenPath) => server.token('eve', { '*': 'edit' }, 1), 'token-expired'],
    ['a revoked token', (server: TokenPath) => revoked(server), 'token-revoked'],
    [
      'a token for another document',
      (server: TokenPath) => server.token('eve', { 'planet/*': 'admin', plans: 'admin' }),
      'permission-denied',
    ],
  ] as const) {
    it(`[A1] with ${what} nothing of a document leaves, and the provider is told ${reason}`, async (t) => {
      const server = await start(t);
      const ada = await server.writer(t, NAME);
      ada.text.insert(0, MARKER);
      ada.provider.setAwarenessField('note', MARKER);
      await ada.allSaved();
      const eves = await token(server);
      if (reason === 'token-expired') server.pass(2);
      const raw = await RawSocket.open(server.path.collab);
      t.after(() => raw.close());
      raw.send(signIn(NAME, eves));
      raw.send(syncFrame(NAME, SyncType.Step1, new Uint8Array([0])));
      await until('it is answered', () => raw.count(FrameType.Auth) === 1);
      ada.text.insert(0, MARKER);
      await ada.allSaved();
      raw.send(syncFrame(NAME, SyncType.Update, typed('mine')));
      const stranger = server.client(t, NAME, async () => eves);
      const reasons: string[] = [];
      stranger.provider.on('authenticationFailed', ({ reason }: { reason: string }) => reasons.push(reason));
      await until('the provider is told', () => reasons.length > 0);
      assert.deepEqual(reasons, [reason]);
      assert.deepEqual(
        raw.received.map((frame) => readFrameHeader(frame).type),
        [FrameType.Auth],
        'the refusal is all that is sent',
      );
      assert.equal(textIn(raw).includes(MARKER), false);
      assert.equal(ada.text.toString().includes('mine'), false);
    });
  }

  for (const role of ['view', 'comment', 'suggest'] as const satisfies Role[]) {
    it(`${role} reads what others write, and what it writes is refused: not applied, not sent on, not logged`, async (t) => {
      const server = await start(t);
      const ada = await server.writer(t, NAME);
      ada.text.insert(0, 'read this');
      await ada.allSaved();
      const viewer = await RawSocket.into(server.path.collab, NAME, await server.token('vic', { [NAME]: role }));
      t.after(() => viewer.close());
      viewer.send(syncFrame(NAME, SyncType.Step1, new Uint8Array([0])));
      await until('it reads', () => textIn(viewer).includes('read this'));
      const { version } = (await server.path.store.info(NAME))!;
      viewer.send(syncFrame(NAME, SyncType.Step2, Y.encodeStateAsUpdate(ada.document)));
      viewer.send(syncFrame(NAME, SyncType.Update, typed('graffiti')));
      viewer.send(syncFrame(NAME, SyncType.Step2, typed('graffiti')));
      await until('all are answered', () => acks(viewer).length === 3);
      assert.deepEqual(acks(viewer), [1, 0, 0], 'what brings nothing is acknowledged');
      ada.text.insert(0, 'still: ');
      await ada.allSaved();
      assert.equal((await server.path.store.info(NAME))!.version, version + 1);
      assert.equal(ada.text.toString(), 'still: read this');
      assert.deepEqual(roles(viewer), [{ type: 'inkwire/role', role, reason: null }]);
    });
  }

  it('is told before anything of the document is sent', async (t) => {
    const server = await start(t);
    const ada = await server.writer(t, NAME);
    ada.provider.setAwarenessField('note', 'here');
    const bob = await RawSocket.into(server.path.collab, NAME, await server.token('bob', { '*': 'edit' }));
    t.after(() => bob.close());
    bob.send(syncFrame(NAME, SyncType.Step1, new Uint8Array([0])));
    await until('it reads', () => bob.count(FrameType.Sync) > 0);
    const types = bob.received.map((frame) => readFrameHeader(frame).type);
    assert.deepEqual(types.slice(0, 2), [FrameType.Auth, FrameType.Stateless]);
    assert.deepEqual(roles(bob), [{ type: 'inkwire/role', role: 'edit', reason: null }]);
  });

  it('[A2] is lowered by another node, and raised again, without dropping the socket', async (t) => {
    const server = await start(t);
    const bob = await server.writer(t, NAME, 'bob');
    let token = await server.token('ada', { [NAME]: 'edit' });
    const ada = server.client(t, NAME, async () => token);
    const told = rolesOf(ada);
    let closes = 0;
    ada.socket.on('close', () => closes++);
    await ada.allSaved();
    ada.text.insert(0, 'before ');
    await ada.allSaved();

    await server.elsewhere.revoke({ sub: 'ada' });
    token = await server.elsewhere
      .mint({ sub: 'ada', name: 'Ada', access: { [NAME]: 'view' }, expiresInSeconds: HOUR_S })
      .then((minted) => minted.token);
    await until('it is lowered', () => told.at(-1)?.reason === 'changed');
    assert.deepEqual(told.at(-1), { type: 'inkwire/role', role: 'view', reason: 'changed' });
    assert.equal(ada.provider.authorizedScope, 'readonly');
    ada.text.insert(0, 'rejected ');
    await until('the edit is refused', () => ada.acks.refused);
    bob.text.insert(0, 'after ');
    await until('it still reads', () => ada.text.toString().includes('after '));
    assert.equal(bob.text.toString(), 'after before ');

    token = await server.token('ada', { [NAME]: 'edit' });
    await ada.provider.sendToken();
    await until('it is raised', () => told.at(-1)?.role === 'edit');
    assert.equal(ada.provider.authorizedScope, 'read-write');
    ada.provider.forceSync();
    await until('what was refused is offered again, and taken', () => bob.text.toString().includes('rejected '));
    assert.equal(closes, 0);
  });

  it('is given for each document on a socket apart', async (t) => {
    const server = await start(t);
    const token = await server.token('ada', { mine: 'edit', yours: 'view' });
    const ada = server.client(t, 'mine', async () => token);
    const bob = await server.writer(t, 'yours', 'bob');
    const on = (name: string) => {
      const provider = new HocuspocusProvider({ websocketProvider: ada.socket, name, document: new Y.Doc(), token });
      t.after(() => provider.destroy());
      provider.attach();
      return provider;
    };
    const refusals: string[] = [];
    const yours = on('yours');
    on('theirs').on('authenticationFailed', ({ reason }: { reason: string }) => refusals.push(reason));
    await until('it is synced', () => yours.isSynced && refusals.length > 0);
    assert.deepEqual([ada.provider.authorizedScope, yours.authorizedScope, refusals[0]], ['read-write', 'readonly', 'permission-denied']);
    paragraphText(yours.document).insert(0, 'graffiti');
    ada.text.insert(0, 'mine');
    await until('one is saved and one is not', () => !ada.provider.hasUnsyncedChanges && ada.acks.refused);
    assert.equal(yours.hasUnsyncedChanges, true);
    bob.text.insert(0, 'ours');
    await bob.allSaved();
    assert.equal(bob.text.toString(), 'ours');
  });

  it('[L3] is given for so many documents on a socket, and no more: 4429', async (t) => {
    const server = await start(t, { maxDocumentsPerSocket: 3 });
    const token = await server.token('ada', { '*': 'edit' });
    const raw = await RawSocket.open(server.path.collab);
    for (let n = 0; n < 3; n++) raw.send(signIn(`plan ${n}`, token));
    await until('all are open', () => raw.count(FrameType.Stateless) === 3);
    raw.send(signIn('one more', token));
    assert.equal(await raw.closeCode(), ERRORS['too-many-documents'].close);
  });

  it('waits for keys that cannot be fetched: 1013, and not a refusal', async (t) => {
    const access = {
      identify: () => Promise.reject(new InkwireError('keys-unavailable')),
      isRevoked: () => false,
      onRevocation: () => () => {},
    };
    const server = await start(t, { access });
    const raw = await RawSocket.open(server.path.collab);
    raw.send(signIn(NAME, 'anything'));
    assert.equal(await raw.closeCode(), ERRORS['keys-unavailable'].close);
    assert.equal(raw.received.length, 0);
  });
});

async function revoked(server: TokenPath): Promise<string> {
  const { token, tokenId } = await server.access.mint({ sub: 'eve', name: 'Eve', access: { '*': 'edit' }, expiresInSeconds: HOUR_S });
  await server.access.revoke({ tokenId });
  return token;
}
