import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessPatterns } from '../../protocol/identity.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { testApp } from './testing.ts';

function scene(patterns: AccessPatterns = { '*': 'admin' }) {
  const access = memoryAccess();
  const { app } = testApp({ access });
  const root = access.tokenFor('root', patterns);
  const ask = (method: string, path: string, body?: unknown, token = root) =>
    app.request(path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { access, ask, root };
}

const ann = { sub: 'ann', name: 'Ann', access: { 'team/*': 'edit' } };

describe('POST /api/tokens', () => {
  it('makes a token that is good at once, and is kept by no cache', async () => {
    const { ask } = scene();
    const before = Date.now();
    const response = await ask('POST', '/api/tokens', { ...ann, expiresInSeconds: 60 });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { token, tokenId, expiresAt } = (await response.json()) as Record<string, string>;
    assert.ok(tokenId);
    const end = Date.parse(expiresAt!);
    assert.ok(end >= before + 60_000 && end <= Date.now() + 60_000);
    assert.deepEqual(await (await ask('GET', '/api/session', undefined, token)).json(), {
      ...{ mode: 'tokens', sub: 'ann', name: 'Ann', expiresAt, serverRole: null, maxAssetBytes: 1_048_576 },
      access: { 'team/*': 'edit' },
    });
  });

  it('passes on no more than one has: a narrower pattern may hold less', async () => {
    const { ask } = scene({ '*': 'admin', 'board/*': 'view' });
    const status = async (access: AccessPatterns) => (await ask('POST', '/api/tokens', { ...ann, access })).status;
    assert.equal(await status({ 'team/*': 'admin', 'board/*': 'view', 'board/minutes': 'view' }), 201);
    assert.equal(await status({ 'team/*': 'view', 'board/minutes': 'edit' }), 403);
    // "*" would let the board be edited.
    assert.equal(await status({ '*': 'edit' }), 403);
  });

  const refused: [what: string, body: unknown, detail: RegExp][] = [
    ['without a sub', { ...ann, sub: undefined }, /^sub: /],
    ['with an empty sub', { ...ann, sub: '' }, /^sub: /],
    ['without access', { ...ann, access: undefined }, /^access: /],
    ['with a role that is none', { ...ann, access: { a: 'owner' } }, /^access\.a: /],
    [
      'with too many patterns',
      { ...ann, access: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, 'view'])) },
      /at most 100/,
    ],
    ['for more than 30 days', { ...ann, expiresInSeconds: 30 * 86_400 + 1 }, /^expiresInSeconds: /],
    ['that has expired', { ...ann, expiresInSeconds: 0 }, /^expiresInSeconds: /],
    ['for a share link', { ...ann, shareLink: 'x' }, /shareLink/],
  ];
  for (const [what, body, detail] of refused) {
    it(`makes none ${what}`, async () => {
      const response = await scene().ask('POST', '/api/tokens', body);
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as { detail: string }).detail, detail);
    });
  }
});

describe('POST /api/revocations', () => {
  for (const kind of ['tokenId', 'sub'] as const) {
    it(`revokes by ${kind}`, async () => {
      const { ask } = scene();
      const minted = (await (await ask('POST', '/api/tokens', ann)).json()) as { token: string; tokenId: string };
      assert.equal((await ask('GET', '/api/session', undefined, minted.token)).status, 200);
      const value = { tokenId: minted.tokenId, sub: 'ann' }[kind];
      assert.equal((await ask('POST', '/api/revocations', { [kind]: value })).status, 204);
      const refusal = await ask('GET', '/api/session', undefined, minted.token);
      assert.equal(((await refusal.json()) as { code: string }).code, 'token-revoked');
    });
  }

  for (const body of [{}, { sub: '' }, { sub: 'a', tokenId: 'b' }, { shareLink: 'a' }, { sub: 1 }]) {
    it(`refuses ${JSON.stringify(body)}`, async () => {
      const response = await scene().ask('POST', '/api/revocations', body);
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { code: string }).code, 'bad-request');
    });
  }
});

describe('GET /api/session', () => {
  it('tells a guest of an open server so', async () => {
    const response = await testApp().app.request('/api/session');
    assert.deepEqual(await response.json(), {
      ...{ mode: 'open', sub: 'Guest', name: 'Guest', expiresAt: null, serverRole: 'admin', maxAssetBytes: 1_048_576 },
      access: { '*': 'admin' },
    });
  });
});
