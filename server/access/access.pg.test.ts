import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { until } from '../../e2e/wait.ts';
import { type AccessStore, openAccessStore } from '../../persistence/access-store.ts';
import { migrate } from '../../persistence/migrate.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { createAccess, type OpenedAccess, openAccess } from './access.ts';
import { claims, newSecret, signed, stoppedClock, tokenOptions } from './testing.ts';

const secret = newSecret();
const ada = { sub: 'ada', name: 'Ada', access: { 'team/*': 'edit' }, expiresInSeconds: 3600 } as const;

describe('access by tokens', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  /** Nodes on one database, whose clocks are one. */
  async function nodes(t: TestContext, count = 1) {
    const url = await database.createDatabase();
    await migrate(url);
    const clock = stoppedClock();
    const start = async (store: AccessStore = openAccessStore(url)): Promise<OpenedAccess> => {
      const access = await createAccess(tokenOptions({ secret }), store, clock);
      t.after(() => access.close());
      return access;
    };
    const all = await Promise.all(Array.from({ length: count }, () => start()));
    return { url, clock, start, all, here: all[0]!, there: all[1]! };
  }

  it('knows who a token speaks for', async (t) => {
    const { here } = await nodes(t);
    const { token, tokenId, expiresAt } = await here.mint(ada);
    const identity = await here.identify(token);
    assert.deepEqual(
      { sub: identity.sub, verified: identity.verified, tokenId: identity.tokenId, expiresAt: identity.expiresAt, access: identity.access },
      { sub: 'ada', verified: true, tokenId, expiresAt, access: { 'team/*': 'edit' } },
    );
    assert.equal(here.isRevoked(identity), false);
    await assert.rejects(here.identify(''), { code: 'sign-in-required' });
    await assert.rejects(here.identify('guest:Ada'), { code: 'token-invalid' });
  });

  const kinds: [what: string, revoke: (access: OpenedAccess, token: { tokenId: string }) => Promise<void>, shareLink?: string][] = [
    ['its id', (access, { tokenId }) => access.revoke({ tokenId })],
    ['its sub', (access) => access.revoke({ sub: 'ada' })],
    ['its share link', (access) => access.revoke({ shareLink: 'abc' }), 'abc'],
  ];
  for (const [what, revoke, shareLink] of kinds) {
    it(`[A2] [A4] refuses a token revoked by ${what}: here at once, on another node when it hears of it`, async (t) => {
      const { here, there, clock } = await nodes(t, 2);
      const minted = await here.mint({ ...ada, shareLink });
      const other = await here.mint({ ...ada, sub: 'bea' });
      const identity = await there.identify(minted.token);
      const heard = Promise.withResolvers<void>();
      there.onRevocation(heard.resolve);
      let told = 0;
      here.onRevocation(() => {
        told += 1;
      });
      clock.now += 1000;
      await revoke(here, minted);
      assert.equal(told, 1);
      assert.equal(here.isRevoked(identity), true);
      await assert.rejects(here.identify(minted.token), { code: 'token-revoked' });
      await heard.promise;
      assert.equal(there.isRevoked(identity), true);
      await assert.rejects(there.identify(minted.token), { code: 'token-revoked' });
      for (const access of [here, there]) assert.equal((await access.identify(other.token)).sub, 'bea');
    });
  }

  it('[A2] takes the tokens that are issued after a revocation, of the same millisecond too', async (t) => {
    const { here } = await nodes(t);
    const old = await here.mint(ada);
    await here.revoke({ sub: 'ada' });
    const young = await here.mint({ ...ada, access: { 'team/*': 'view' } });
    await assert.rejects(here.identify(old.token), { code: 'token-revoked' });
    assert.deepEqual((await here.identify(young.token)).access, { 'team/*': 'view' });
  });

  it('takes the iat of others for the start of its second, and none for older than everything', async (t) => {
    const { here, clock } = await nodes(t);
    const second = Math.floor(clock() / 1000);
    await here.revoke({ sub: 'ada' });
    for (const [iat, good] of [
      [second - 1, false],
      [second, false],
      [second + 1, true],
      [undefined, false],
    ] as const) {
      const token = await signed(claims({ iat }), secret);
      if (good) assert.equal((await here.identify(token)).sub, 'ada');
      else await assert.rejects(here.identify(token), { code: 'token-revoked' });
    }
  });

  it('knows the revocations of before when it starts', async (t) => {
    const { here, start } = await nodes(t);
    const { token, tokenId } = await here.mint(ada);
    await here.revoke({ tokenId });
    await assert.rejects((await start()).identify(token), { code: 'token-revoked' });
  });

  it('tells a listener nothing once it was stopped', async (t) => {
    const { here } = await nodes(t);
    const stop = here.onRevocation(() => assert.fail('it was told'));
    stop();
    await here.revoke({ sub: 'ada' });
  });

  it('refuses to revoke what no token can say', async (t) => {
    const { here } = await nodes(t);
    for (const what of [{ sub: '' }, { sub: 'a\u0000' }, { tokenId: 'a'.repeat(256) }, { shareLink: '\ud800' }]) {
      await assert.rejects(here.revoke(what), { code: 'bad-request' });
    }
  });

  it('does not start when revocations cannot be read, and closes its connections', async () => {
    const url = new URL(database.url);
    url.port = '1';
    let closed = false;
    const store = openAccessStore(url.href);
    const close = store.close.bind(store);
    store.close = async () => {
      closed = true;
      await close();
    };
    await assert.rejects(createAccess(tokenOptions({ secret }), store, Date.now), { code: 'database-unavailable' });
    assert.equal(closed, true);
  });

  it('goes on with what it knows while the database is away, and catches up', async (t) => {
    const { url, start, here } = await nodes(t);
    const store = openAccessStore(url);
    const read = store.revocationsAfter.bind(store);
    let away = false;
    let refused = 0;
    store.revocationsAfter = (id) => {
      if (!away) return read(id);
      refused += 1;
      return Promise.reject(new InkwireError('database-unavailable'));
    };
    const there = await start(store);
    const { token, tokenId } = await here.mint(ada);
    away = true;
    await here.revoke({ tokenId });
    await until('the node has asked in vain', () => refused > 0);
    assert.equal((await there.identify(token)).sub, 'ada');
    const heard = Promise.withResolvers<void>();
    there.onRevocation(heard.resolve);
    away = false;
    await heard.promise;
    await assert.rejects(there.identify(token), { code: 'token-revoked' });
  });
});

describe('open access', () => {
  it('lets everybody in as a guest who may do all', async () => {
    const access = openAccess();
    const guest = await access.identify('guest:Ada');
    assert.deepEqual([access.mode, guest.sub, guest.access], ['open', 'Ada', { '*': 'admin' }]);
    assert.equal((await access.identify('')).name, 'Guest');
    assert.equal(access.isRevoked(guest), false);
  });

  it('[A3] signs nothing and shares nothing', async () => {
    const { mint, revoke, shareLinks } = openAccess();
    const attempts = [
      mint(ada),
      revoke({ sub: 'ada' }),
      shareLinks.create({ documentName: 'plan', role: 'view', expiresAt: null, createdBy: 'ada' }),
      shareLinks.list('plan'),
      shareLinks.find('a'),
      shareLinks.redeem('a'),
    ];
    for (const attempt of attempts) await assert.rejects(attempt, { code: 'secret-required' });
  });
});
