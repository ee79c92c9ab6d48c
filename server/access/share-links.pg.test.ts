import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { openAccessStore } from '../../persistence/access-store.ts';
import { connect } from '../../persistence/connection.ts';
import { migrate } from '../../persistence/migrate.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import type { Role } from '../../protocol/role.ts';
import { createAccess } from './access.ts';
import { claims, newSecret, signed, stoppedClock, tokenOptions } from './testing.ts';

const secretOfServer = newSecret();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('share links', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function open(t: TestContext, options: Parameters<typeof tokenOptions>[0] = { secret: secretOfServer }) {
    const url = await database.createDatabase();
    await migrate(url);
    const clock = stoppedClock();
    const access = await createAccess(tokenOptions(options), openAccessStore(url), clock);
    t.after(() => access.close());
    const share = (more: { documentName?: string; role?: Role; expiresAt?: number | null } = {}) =>
      access.shareLinks.create({ documentName: 'plan', role: 'edit', expiresAt: null, createdBy: 'ada', ...more });
    return { url, clock, access, links: access.shareLinks, share };
  }

  it('[A1] let a visitor into one document, under the role of the link, for an hour', async (t) => {
    const { access, links, share, clock } = await open(t);
    const { link, secret } = await share({ role: 'comment' });
    assert.match(secret, /^[\w-]{43}$/);
    const { token, ...rest } = await links.redeem(secret, { name: ' Cem\u0000 ' });
    assert.deepEqual(rest, { documentName: 'plan', role: 'comment', expiresAt: clock() + HOUR_MS });
    const visitor = await access.identify(token);
    assert.match(visitor.sub, new RegExp(`^link:${link.id}:[\\w-]{16}$`));
    assert.deepEqual([visitor.name, visitor.access, visitor.shareLink], ['Cem', { plan: 'comment' }, link.id]);
    const other = await access.identify((await links.redeem(secret)).token);
    assert.equal(other.name, 'Guest');
    assert.notEqual(other.sub, visitor.sub);
  });

  it('are kept without their secret', async (t) => {
    const { url, share } = await open(t);
    const { secret } = await share();
    const sql = connect(url, 1);
    const [row] = await sql`select s::text as text from inkwire.share_links s`;
    await sql.end();
    assert.ok(!row?.text.includes(secret) && !row?.text.includes(Buffer.from(secret).toString('hex')));
  });

  it('are listed, found, changed and revoked', async (t) => {
    const { links, share, clock } = await open(t);
    const { link } = await share({ expiresAt: clock() + DAY_MS });
    assert.deepEqual(link, {
      ...link,
      documentName: 'plan',
      role: 'edit',
      createdBy: 'ada',
      createdAt: clock(),
      expiresAt: clock() + DAY_MS,
    });
    assert.deepEqual(await links.list('plan'), [link]);
    assert.deepEqual(await links.find(link.id), link);
    assert.deepEqual(await links.change(link.id, { role: 'view' }), { ...link, role: 'view' });
    assert.deepEqual(await links.change(link.id, { expiresAt: null }), { ...link, role: 'view', expiresAt: null });
    assert.equal(await links.revoke(link.id), true);
    assert.equal(await links.revoke(link.id), false);
    assert.deepEqual(await links.list('plan'), []);
    assert.equal(await links.find(link.id), null);
    await assert.rejects(links.change(link.id, { role: 'edit' }), { code: 'share-link-gone' });
  });

  it('that are not good let nobody in', async (t) => {
    const { links, share, clock } = await open(t);
    const { link, secret } = await share({ expiresAt: clock() + HOUR_MS });
    const { link: revoked, secret: revokedSecret } = await share();
    await links.revoke(revoked.id);
    for (const wrong of [revokedSecret, '', link.id, newSecret(), `${secret}x`, secret.slice(1), '\u0000'.repeat(43), 'a'.repeat(1e6)]) {
      await assert.rejects(links.redeem(wrong), { code: 'share-link-gone' });
    }
    clock.now += HOUR_MS;
    await assert.rejects(links.redeem(secret), { code: 'share-link-gone' });
    await links.change(link.id, { expiresAt: clock() + 1 });
    await links.redeem(secret);
  });

  it('give tokens that do not outlive them', async (t) => {
    const { links, share, clock } = await open(t);
    const { secret } = await share({ expiresAt: clock() + 60_000 });
    assert.equal((await links.redeem(secret)).expiresAt, clock() + 60_000);
  });

  it('[A2] revoke the tokens they gave when they are changed or revoked, and give others', async (t) => {
    const { access, links, share, clock } = await open(t);
    const { link, secret } = await share();
    const first = await links.redeem(secret);
    clock.now += 1;
    await links.change(link.id, { role: 'view' });
    await assert.rejects(access.identify(first.token), { code: 'token-revoked' });
    clock.now += 1;
    const second = await links.redeem(secret, { previousToken: first.token });
    assert.deepEqual((await access.identify(second.token)).access, { plan: 'view' });
    clock.now += 1;
    await links.revoke(link.id);
    await assert.rejects(access.identify(second.token), { code: 'token-revoked' });
    await assert.rejects(links.redeem(secret, { previousToken: second.token }), { code: 'share-link-gone' });
  });

  it('[P1] know a visitor again by the token they had, and by nothing else', async (t) => {
    const { access, links, share, clock } = await open(t);
    const { link, secret } = await share();
    const other = await share();
    const subWith = async (previousToken: string) => (await access.identify((await links.redeem(secret, { previousToken })).token)).sub;
    const { token } = await links.redeem(secret, { name: 'Cem' });
    const { sub } = await access.identify(token);

    assert.equal(await subWith(token), sub);
    clock.now += HOUR_MS + 29 * DAY_MS;
    assert.equal(await subWith(token), sub, 'a month later');
    clock.now += 2 * DAY_MS;
    assert.notEqual(await subWith(token), sub, 'more than a month later');

    const foreign = [
      ['of another link', (await links.redeem(other.secret)).token],
      ['of a person who is no visitor', (await access.mint({ sub: 'ada', name: 'Ada', access: {}, expiresInSeconds: 60 })).token],
      [
        'of a person, for this link',
        (await access.mint({ sub: 'ada', name: 'A', access: {}, expiresInSeconds: 60, shareLink: link.id })).token,
      ],
      ['with another secret', await signed(claims({ sub, link: link.id }), newSecret())],
      ['that is garbage', 'garbage'],
      ['that is empty', ''],
    ] as const;
    for (const [what, previous] of foreign)
      assert.match(await subWith(previous), new RegExp(`^link:${link.id}:(?!${sub.split(':')[2]})`), what);
  });

  for (const by of ['tokenId', 'sub'] as const) {
    it(`[P1] do not know a visitor again whose token was revoked by its ${by}`, async (t) => {
      const { access, links, share } = await open(t);
      const { secret } = await share();
      const { token } = await links.redeem(secret);
      const { sub, tokenId } = await access.identify(token);
      await access.revoke(by === 'sub' ? { sub } : { tokenId: tokenId! });
      const next = await access.identify((await links.redeem(secret, { previousToken: token })).token);
      assert.notEqual(next.sub, sub);
    });
  }

  it('are not made of what cannot be shared', async (t) => {
    const { share, links, clock } = await open(t);
    for (const documentName of ['*', 'team/*']) await assert.rejects(share({ documentName }), { code: 'bad-request' });
    for (const documentName of ['', 'a\u0000', 'a'.repeat(256)]) await assert.rejects(share({ documentName }), { code: 'bad-name' });
    for (const role of ['admin', 'owner'] as Role[]) await assert.rejects(share({ role }), { code: 'bad-request' });
    for (const expiresAt of [clock(), 0, Number.NaN]) await assert.rejects(share({ expiresAt }), { code: 'bad-request' });
    const { link } = await share();
    await assert.rejects(links.change(link.id, { role: 'admin' }), { code: 'bad-request' });
    await assert.rejects(links.change(link.id, { expiresAt: clock() - 1 }), { code: 'bad-request' });
    for (const id of ['', 'none', '\u0000'.repeat(12), "'; drop --a"]) {
      assert.deepEqual([await links.find(id), await links.revoke(id)], [null, false]);
      await assert.rejects(links.change(id, { role: 'view' }), { code: 'share-link-gone' });
    }
    for (let nth = 1; nth < 100; nth += 1) await share();
    await assert.rejects(share(), { code: 'bad-request', message: /100 share links/ });
  });

  it('need a secret to sign with', async (t) => {
    const { share, links } = await open(t, { jwksUrl: 'http://127.0.0.1:1/' });
    await assert.rejects(share(), { code: 'secret-required' });
    await assert.rejects(links.redeem(newSecret()), { code: 'secret-required' });
  });
});
