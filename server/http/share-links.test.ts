import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Access } from '../ports/access.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { memoryDocuments, testApp } from './testing.ts';

const LINKS = '/api/documents/team%2Fplan/share-links';

interface Link {
  readonly id: string;
  readonly url: string;
  readonly role: string;
  readonly expiresAt: string | null;
  readonly createdBy: string;
}

/** A server with `team/plan` and `team/notes`, asked by an admin of the team. */
async function scene(mode: Access['mode'] = 'tokens') {
  const access = memoryAccess(mode);
  const documents = memoryDocuments();
  for (const name of ['team/plan', 'team/notes']) await documents.create(name, null, () => {});
  const { app } = testApp({ access, documents });
  const token = access.tokenFor('ann', { 'team/*': 'admin' });
  const ask = (method: string, path: string, body?: unknown, bearer = token) =>
    app.request(path, {
      method,
      headers: { Authorization: `Bearer ${bearer}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const create = async (body: unknown) => (await (await ask('POST', LINKS, body)).json()) as Link;
  return { access, ask, create };
}

const secretOf = ({ url }: Link) => url.split('#share=')[1]!;
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe('share links', () => {
  it('open the page of the document, their secret in the fragment, which is told once', async () => {
    const { ask, create } = await scene();
    const link = await create({ role: 'edit' });
    assert.match(link.url, /^\/d\/team%2Fplan#share=[^/?&]+$/);
    assert.deepEqual([link.role, link.expiresAt, link.createdBy], ['edit', null, 'ann']);
    const listed = await (await ask('GET', LINKS)).text();
    assert.ok(listed.includes(link.id));
    assert.ok(!listed.includes(secretOf(link)));
    assert.equal(((await (await ask('GET', '/api/documents/team%2Fnotes/share-links')).json()) as { shareLinks: [] }).shareLinks.length, 0);
  });

  it('are redeemed by somebody without a token, who stays the same person', async () => {
    const { ask, create } = await scene();
    const secret = secretOf(await create({ role: 'view' }));
    const redeem = async (visitor: object) =>
      (await (await ask('POST', '/api/share-links/redeem', { secret, ...visitor }, '')).json()) as {
        token: string;
        role: string;
        documentName: string;
        expiresAt: string;
      };
    const first = await redeem({ name: 'Ada' });
    assert.deepEqual([first.documentName, first.role], ['team/plan', 'view']);
    assert.equal(new Date(first.expiresAt).toISOString(), first.expiresAt);
    const session = async (token: string) =>
      (await (await ask('GET', '/api/session', undefined, token)).json()) as { sub: string; name: string };
    const { sub, name } = await session(first.token);
    assert.equal(name, 'Ada');
    assert.equal((await session((await redeem({ previousToken: first.token })).token)).sub, sub);
    assert.notEqual((await session((await redeem({})).token)).sub, sub);
    assert.equal((await ask('GET', '/api/documents/team%2Fplan', undefined, first.token)).status, 200);
    for (const [method, path] of [
      ['GET', '/api/documents/team%2Fnotes'],
      ['PUT', '/api/documents/team%2Fplan/content'],
      ['GET', LINKS],
    ] as const) {
      assert.equal((await ask(method, path, undefined, first.token)).status, 403, path);
    }
  });

  it('end when they are told to', async () => {
    const { ask, create } = await scene();
    const at = '2099-01-02T03:04:05+02:00';
    const { id, expiresAt } = await create({ role: 'view', expiresAt: at });
    assert.equal(expiresAt, '2099-01-02T01:04:05.000Z');
    const before = Date.now();
    const soon = Date.parse((await create({ role: 'view', expiresInSeconds: 60 })).expiresAt!);
    assert.ok(soon >= before + 60_000 && soon <= Date.now() + 60_000);
    const change = async (body: object) => (await (await ask('PATCH', `${LINKS}/${id}`, body)).json()) as Link;
    assert.deepEqual([(await change({ role: 'comment' })).expiresAt, (await change({})).role], [expiresAt, undefined]);
    const changed = await change({ expiresAt: null });
    assert.deepEqual([changed.role, changed.expiresAt], ['comment', null]);
    assert.equal((await ask('DELETE', `${LINKS}/${id}`)).status, 204);
    assert.equal(await codeOf(await ask('DELETE', `${LINKS}/${id}`)), 'share-link-gone');
  });

  it('are changed and revoked by who may share that document, under its address alone', async () => {
    const { access, ask, create } = await scene();
    const { id } = await create({ role: 'view' });
    const other = access.tokenFor('bob', { 'team/notes': 'admin', 'team/plan': 'edit' });
    for (const [method, body] of [
      ['PATCH', { role: 'edit' }],
      ['DELETE', undefined],
    ] as const) {
      assert.equal((await ask(method, `${LINKS}/${id}`, body, other)).status, 403);
      assert.equal(await codeOf(await ask(method, `/api/documents/team%2Fnotes/share-links/${id}`, body, other)), 'share-link-gone');
    }
    assert.equal((await ask('DELETE', `${LINKS}/${id}`)).status, 204);
  });

  const refused: [what: string, body: unknown, detail: RegExp][] = [
    ['the role admin', { role: 'admin' }, /^role: /],
    ['no role', {}, /^role: /],
    ['two ends', { role: 'view', expiresAt: null, expiresInSeconds: 5 }, /exclude each other/],
    ['an end that is no time', { role: 'view', expiresAt: 'tomorrow' }, /^expiresAt: /],
    ['what it does not know', { role: 'view', secret: 'mine' }, /secret/],
  ];
  for (const [what, body, detail] of refused) {
    it(`are not made with ${what}`, async () => {
      const response = await (await scene()).ask('POST', LINKS, body);
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as { detail: string }).detail, detail);
    });
  }

  it('are not made for a document that is not there: whoever made it later would share it unawares', async () => {
    const { ask } = await scene();
    assert.equal(await codeOf(await ask('POST', '/api/documents/team%2Flater/share-links', { role: 'view' })), 'document-not-found');
  });

  it('need a secret to be signed with', async () => {
    const { ask } = await scene('open');
    assert.equal(await codeOf(await ask('POST', LINKS, { role: 'view' })), 'secret-required');
  });
});
