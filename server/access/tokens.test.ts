import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { claims, forged, NOON, newSecret, signed, stoppedClock, tokenOptions } from './testing.ts';
import { Tokens } from './tokens.ts';

const seconds = NOON / 1000;
const secret = newSecret();
const tokens = new Tokens(tokenOptions({ secret }), stoppedClock());

describe('a token', () => {
  it('of another library is taken, with and without an iat', async () => {
    assert.equal((await tokens.verify(await signed(claims(), secret))).sub, 'ada');
    assert.equal((await tokens.verify(await signed(claims({ iat: Math.floor(seconds) }), secret))).issuedAt, NOON - 250);
  });

  it('that ended within the tolerance is taken, and one beyond it is not', async () => {
    assert.equal((await tokens.verify(await signed(claims({ exp: seconds - 4 }), secret))).sub, 'ada');
    await assert.rejects(async () => tokens.verify(await signed(claims({ exp: seconds - 6 }), secret)), { code: 'token-expired' });
    const strict = new Tokens(tokenOptions({ secret, clockToleranceSeconds: 0 }), stoppedClock());
    await assert.rejects(async () => strict.verify(await signed(claims({ exp: Math.floor(seconds) }), secret)), { code: 'token-expired' });
  });

  const refused: [what: string, token: () => string | Promise<string>, code: string, sentence?: RegExp][] = [
    ['that is empty', () => '', 'sign-in-required'],
    ['that expired long ago', () => signed(claims({ exp: 1 }), secret), 'token-expired'],
    ['with another secret', () => signed(claims(), newSecret()), 'token-invalid', /not signed with a key of this server/],
    ['without exp', () => signed(claims({ exp: undefined }), secret), 'token-invalid', /"exp" is missing/],
    ['with an exp in words', () => forged({ alg: 'HS256' }, claims({ exp: 'x' }), 'AA'), 'token-invalid'],
    ['from the future by iat', () => signed(claims({ iat: seconds + 60 }), secret), 'token-invalid', /issued in the future/],
    ['from the future by nbf', () => signed(claims({ nbf: seconds + 60 }), secret), 'token-invalid', /"nbf"/],
    ['without a sub', () => signed(claims({ sub: undefined }), secret), 'token-invalid', /"sub"/],
    ['that is unsigned', () => forged({ alg: 'none' }, claims()), 'token-invalid', /not signed in a way/],
    ['that is unsigned, in capitals', () => forged({ alg: 'NONE' }, claims()), 'token-invalid', /not signed in a way/],
    ['without an algorithm', () => forged({}, claims(), 'AA'), 'token-invalid', /not signed in a way/],
    ['with a public-key algorithm, while there are no keys', () => forged({ alg: 'RS256' }, claims(), 'AA'), 'token-invalid'],
    ['with a longer hash', () => signed(claims(), 'x'.repeat(64), 'HS512'), 'token-invalid', /not signed in a way/],
    ['with an empty signature', () => forged({ alg: 'HS256' }, claims()), 'token-invalid', /not signed with a key/],
    ['with a key of its own', () => forged({ alg: 'HS256', jwk: { kty: 'oct', k: 'AA' } }, claims(), 'AA'), 'token-invalid'],
    ['with a critical header we do not know', () => forged({ alg: 'HS256', crit: ['x'], x: 1 }, claims(), 'AA'), 'token-invalid'],
    ['that is larger than 8 KiB', () => 'a'.repeat(8 * 1024 + 1), 'token-invalid', /longer than 8192/],
    ['of two parts', () => 'eyJhbGciOiJIUzI1NiJ9.e30', 'token-invalid'],
    ['that is a guest’s', () => 'guest:Ada', 'token-invalid'],
    ['that is no base64', () => '....', 'token-invalid'],
    ['that is text', () => '\u0000😀.', 'token-invalid'],
    ['that is an array', () => forged([], [], 'AA'), 'token-invalid'],
  ];
  for (const [what, token, code, sentence] of refused) {
    it(`${what} is refused: ${code}`, async () => {
      const given = await token();
      await assert.rejects(tokens.verify(given), (error: Error & { code: string }) => {
        assert.equal(error.code, code);
        if (sentence !== undefined) assert.match(error.message, sentence);
        if (given.length > 10) assert.ok(!error.message.includes(given), 'the message shows the token');
        return true;
      });
    });
  }

  it('whose payload was changed is refused', async () => {
    const [header, payload, signature] = (await signed(claims(), secret)).split('.');
    const changed = Buffer.from(payload!, 'base64url').toString().replace('edit', 'admin');
    const token = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    await assert.rejects(tokens.verify(token), { code: 'token-invalid' });
  });

  it('is taken from the issuer and for the audience that were named, and from no other', async () => {
    const named = new Tokens(tokenOptions({ secret, issuer: 'https://app', audience: 'inkwire' }), stoppedClock());
    for (const aud of ['inkwire', ['other', 'inkwire']]) {
      assert.equal((await named.verify(await signed(claims({ iss: 'https://app', aud }), secret))).sub, 'ada');
    }
    for (const [more, claim] of [
      [{ aud: 'inkwire' }, 'iss'],
      [{ iss: 'https://other', aud: 'inkwire' }, 'iss'],
      [{ iss: 'https://app' }, 'aud'],
      [{ iss: 'https://app', aud: 'other' }, 'aud'],
    ] as [Record<string, string>, string][]) {
      await assert.rejects(async () => named.verify(await signed(claims(more), secret)), {
        code: 'token-invalid',
        message: new RegExp(`"${claim}"`),
      });
    }
    assert.equal((await named.verify((await named.mint({ sub: 'ada', name: 'Ada', access: {}, expiresInSeconds: 60 })).token)).sub, 'ada');
  });
});

describe('secrets', () => {
  it('are rotated: the first signs, all check, one that was removed checks nothing', async () => {
    const [old, young] = [newSecret(), newSecret()];
    const before = new Tokens(tokenOptions({ secret: old }), stoppedClock());
    const during = new Tokens(tokenOptions({ secret: `${young}, ${old}` }), stoppedClock());
    const after = new Tokens(tokenOptions({ secret: young }), stoppedClock());
    const ada = { sub: 'ada', name: 'Ada', access: {}, expiresInSeconds: 60 };
    const [first, second] = [(await before.mint(ada)).token, (await during.mint(ada)).token];
    for (const token of [first, second]) assert.equal((await during.verify(token)).sub, 'ada');
    assert.equal((await after.verify(second)).sub, 'ada');
    await assert.rejects(after.verify(first), { code: 'token-invalid' });
    await assert.rejects(before.verify(second), { code: 'token-invalid' });
  });

  it('that are short are refused, and not shown', () => {
    for (const short of ['short', `${secret},short`, 'ä'.repeat(15), ' , ']) {
      assert.throws(
        () => new Tokens(tokenOptions({ secret: short }), stoppedClock()),
        (error: Error) => error instanceof RangeError && !error.message.includes('short') && !error.message.includes(secret),
      );
    }
  });
});

describe('a minted token', () => {
  const ada = { sub: 'ada', name: 'Ada', access: { 'team/*': 'edit' }, expiresInSeconds: 60 } as const;

  it('says what it was made with, to the millisecond', async () => {
    const { token, tokenId, expiresAt } = await tokens.mint({ ...ada, shareLink: 'abc' });
    assert.equal(expiresAt, NOON + 60_000);
    assert.deepEqual(decodeProtectedHeader(token), { alg: 'HS256', typ: 'JWT' });
    assert.deepEqual(decodeJwt(token), {
      ...{ sub: 'ada', name: 'Ada', access: { 'team/*': 'edit' }, jti: tokenId },
      ...{ iat: seconds, exp: seconds + 60, link: 'abc' },
    });
    const identity = await tokens.verify(token);
    assert.deepEqual([identity.tokenId, identity.issuedAt, identity.shareLink], [tokenId, NOON, 'abc']);
  });

  it('has an id of its own', async () => {
    assert.notEqual((await tokens.mint(ada)).tokenId, (await tokens.mint(ada)).tokenId);
  });

  for (const [what, more] of [
    ['no sub', { sub: '' }],
    ['a blank name', { name: ' ' }],
    ['no time to live', { expiresInSeconds: 0 }],
    ['a time to live that is none', { expiresInSeconds: Number.NaN }],
    ['a life of 367 days', { expiresInSeconds: 367 * 86_400 }],
    ['an unknown role', { access: { plan: 'owner' as 'admin' } }],
    [
      'more documents than 8 KiB hold',
      { access: Object.fromEntries(Array.from({ length: 60 }, (_, nth) => [`${nth}${'a'.repeat(200)}`, 'view' as const])) },
    ],
  ] as [string, Partial<typeof ada>][]) {
    it(`is not made with ${what}`, () => assert.rejects(tokens.mint({ ...ada, ...more }), { code: 'bad-request' }));
  }

  it('is not made without a secret', async () => {
    const keysOnly = new Tokens(tokenOptions({ jwksUrl: 'http://127.0.0.1:1/' }), stoppedClock());
    await assert.rejects(keysOnly.mint(ada), { code: 'secret-required' });
  });
});
