import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK } from 'jose';
import { claims, forged, newSecret, signed, stoppedClock, tokenOptions } from './testing.ts';
import { Tokens } from './tokens.ts';

/** Someone who signs tokens and serves the keys they are checked with. */
interface Signer {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function signer(alg: string, kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' } };
}

const token = ({ privateKey, alg, kid }: Signer, withKid = true) => signed(claims(), privateKey, alg, withKid ? kid : undefined);

/** A server of key sets; `requests` counts. What it answers may be changed. */
async function keyServer(t: TestContext, keys: JWK[]) {
  const state = { keys, requests: 0, answer: null as RequestListener | null };
  const server = createServer((request, response) => {
    state.requests += 1;
    if (state.answer !== null) return void state.answer(request, response);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: state.keys }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return Object.assign(state, { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json` });
}

const tokensOf = (jwksUrl: string, more: Parameters<typeof tokenOptions>[0] = {}, clock = stoppedClock()) =>
  new Tokens(tokenOptions({ jwksUrl, ...more }), clock);

describe('the keys at a JWKS URL', () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA', 'Ed25519']) {
    it(`check tokens signed with ${alg}, fetched once for many`, async (t) => {
      const issuer = await signer(alg, 'one');
      const served = await keyServer(t, [issuer.jwk]);
      const tokens = tokensOf(served.url);
      const given = await token(issuer);
      const identities = await Promise.all(Array.from({ length: 5 }, () => tokens.verify(given)));
      assert.deepEqual([identities[0]?.sub, served.requests], ['ada', 1]);
      const stranger = await signer(alg, 'one');
      await assert.rejects(tokens.verify(await token(stranger)), { code: 'token-invalid', message: /not signed with a key/ });
    });
  }

  it('are fetched again for a key they lack: a rotated one is taken, and the withdrawn no more', async (t) => {
    const [old, young] = [await signer('ES256', 'old'), await signer('ES256', 'young')];
    const served = await keyServer(t, [old.jwk]);
    const tokens = tokensOf(served.url);
    assert.equal((await tokens.verify(await token(old))).sub, 'ada');
    served.keys = [young.jwk];
    assert.equal((await tokens.verify(await token(young))).sub, 'ada');
    await assert.rejects(tokens.verify(await token(old)), { code: 'token-invalid' });
  });

  it('are fetched again after ten minutes, so that a withdrawn key is not taken for ever', async (t) => {
    const [old, young] = [await signer('ES256', 'old'), await signer('ES256', 'young')];
    const served = await keyServer(t, [old.jwk]);
    const clock = stoppedClock();
    const tokens = tokensOf(served.url, {}, clock);
    await tokens.verify(await token(old));
    served.keys = [young.jwk];
    assert.equal((await tokens.verify(await token(old))).sub, 'ada');
    clock.now += 10 * 60 * 1000;
    await assert.rejects(tokens.verify(await token(old)), { code: 'token-invalid' });
  });

  it('are not fetched for every unknown key', async (t) => {
    const [issuer, stranger] = [await signer('ES256', 'one'), await signer('ES256', 'other')];
    const served = await keyServer(t, [issuer.jwk]);
    const tokens = tokensOf(served.url, { jwksCooldownMs: 3_600_000 });
    const given = await token(stranger);
    for (let nth = 0; nth < 10; nth += 1) await assert.rejects(tokens.verify(given), { code: 'token-invalid' });
    assert.equal(served.requests, 1);
  });

  it('check a token that does not name its key, while an old and a young one are served', async (t) => {
    const [old, young] = [await signer('RS256', 'old'), await signer('RS256', 'young')];
    const served = await keyServer(t, [old.jwk, young.jwk]);
    const tokens = tokensOf(served.url);
    for (const issuer of [old, young]) assert.equal((await tokens.verify(await token(issuer, false))).sub, 'ada');
    await assert.rejects(tokens.verify(await token(await signer('RS256', 'x'), false)), { code: 'token-invalid' });
  });

  it('are no secrets: HS256 with the public key is refused, with and without a secret of ours', async (t) => {
    const issuer = await signer('RS256', 'one');
    const served = await keyServer(t, [issuer.jwk]);
    const pem = await exportSPKI(issuer.publicKey);
    for (const key of [pem, pem.trim(), JSON.stringify(issuer.jwk), issuer.jwk.n!]) {
      const given = await signed(claims(), key, 'HS256', 'one');
      await assert.rejects(tokensOf(served.url).verify(given), { code: 'token-invalid' });
      await assert.rejects(tokensOf(served.url, { secret: newSecret() }).verify(given), { code: 'token-invalid' });
    }
    await assert.rejects(tokensOf(served.url).verify(forged({ alg: 'none', kid: 'one' }, claims())), { code: 'token-invalid' });
  });

  it('stand beside a secret: each algorithm has its own', async (t) => {
    const issuer = await signer('EdDSA', 'one');
    const served = await keyServer(t, [issuer.jwk]);
    const secret = newSecret();
    const tokens = tokensOf(served.url, { secret });
    assert.equal((await tokens.verify(await token(issuer))).sub, 'ada');
    assert.equal((await tokens.verify(await signed(claims(), secret))).sub, 'ada');
  });

  it('outlive an hour in which they cannot be fetched, and not more', async (t) => {
    const issuer = await signer('ES256', 'one');
    const served = await keyServer(t, [issuer.jwk]);
    const clock = stoppedClock();
    const tokens = tokensOf(served.url, {}, clock);
    const lasting = await signed(claims({ exp: clock() / 1000 + 86_400 }), issuer.privateKey, 'ES256', 'one');
    await tokens.verify(lasting);
    served.answer = (_, response) => response.writeHead(503).end();
    clock.now += 59 * 60 * 1000;
    assert.equal((await tokens.verify(lasting)).sub, 'ada');
    clock.now += 2 * 60 * 1000;
    await assert.rejects(tokens.verify(lasting), { code: 'keys-unavailable' });
    served.answer = null;
    assert.equal((await tokens.verify(lasting)).sub, 'ada');
  });

  it('are asked for now and then only, while they cannot be fetched', async (t) => {
    const issuer = await signer('ES256', 'one');
    const served = await keyServer(t, [issuer.jwk]);
    served.answer = (_, response) => response.writeHead(500).end();
    const clock = stoppedClock();
    const tokens = tokensOf(served.url, { jwksCooldownMs: 30_000 }, clock);
    const given = await token(issuer);
    for (let nth = 0; nth < 10; nth += 1) await assert.rejects(tokens.verify(given), { code: 'keys-unavailable' });
    assert.equal(served.requests, 1);
    served.answer = null;
    clock.now += 5_000;
    assert.equal((await tokens.verify(given)).sub, 'ada');
  });

  const unusable: [what: string, answer: RequestListener][] = [
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['no JSON', (_, response) => response.end('<html>')],
    ['another JSON', (_, response) => response.end('{"keys":7}')],
    ['more than 256 KiB', (_, response) => response.end(JSON.stringify({ keys: [], more: 'x'.repeat(256 * 1024) }))],
    ['a broken line', (request) => request.socket.destroy()],
  ];
  for (const [what, answer] of unusable) {
    it(`are not had from ${what}, and that is no fault of the token`, async (t) => {
      const issuer = await signer('ES256', 'one');
      const served = await keyServer(t, [issuer.jwk]);
      served.answer = answer;
      await assert.rejects(tokensOf(served.url).verify(await token(issuer)), (error: Error & { code: string }) => {
        assert.equal(error.code, 'keys-unavailable');
        assert.ok(!error.message.includes(served.url));
        return true;
      });
    });
  }
});
