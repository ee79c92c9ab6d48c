import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identityOf } from './claims.ts';
import { claims, NOON } from './testing.ts';

const check = { now: NOON, clockToleranceSeconds: 5 };
const seconds = NOON / 1000;
const DAY_S = 86_400;

describe('the claims of a token', () => {
  it('become an identity', () => {
    const payload = claims({ iat: seconds - 60, jti: 'one', link: 'abc', access: { '*': 'view', 'team/*': 'admin', plan: 'comment' } });
    assert.deepEqual(identityOf(payload, check), {
      sub: 'ada',
      name: 'Ada',
      verified: true,
      tokenId: 'one',
      shareLink: 'abc',
      issuedAt: NOON - 60_000,
      expiresAt: NOON + 3_600_000,
      access: { '*': 'view', 'team/*': 'admin', plan: 'comment' },
    });
  });

  it('may lack all but sub, name and exp', () => {
    const { access: _, ...least } = claims();
    const identity = identityOf(least, check);
    assert.deepEqual(
      { tokenId: identity.tokenId, shareLink: identity.shareLink, issuedAt: identity.issuedAt, access: identity.access },
      { tokenId: null, shareLink: null, issuedAt: null, access: {} },
    );
  });

  it('give a name without control characters, of 80 at most', () => {
    const name = identityOf(claims({ name: ` A\u0000d\u202ea\n${'😀'.repeat(100)}` }), check).name;
    assert.equal([...name].length, 80);
    assert.ok(name.startsWith('Ad') && name.endsWith('😀') && !/\p{Cc}/u.test(name), name);
  });

  it('may be as many and as long as the bounds allow', () => {
    const access = Object.fromEntries(Array.from({ length: 100 }, (_, nth) => [`${nth}`.padStart(255, 'a'), 'view']));
    assert.deepEqual(identityOf(claims({ sub: 'ä'.repeat(127), access }), check).access, access);
    identityOf(claims({ exp: seconds + 366 * DAY_S }), check);
    identityOf(claims({ iat: seconds + 5 }), check);
  });

  const refused: [what: string, more: Record<string, unknown>, sentence: RegExp][] = [
    ['no sub', { sub: undefined }, /"sub" must be a text/],
    ['an empty sub', { sub: '' }, /"sub" must be a text of 1 to 255 bytes/],
    ['a sub that is too long', { sub: 'ä'.repeat(128) }, /"sub"/],
    ['a sub with a line break', { sub: 'ada\nroot' }, /"sub"/],
    ['a sub that is half a character', { sub: '\ud800' }, /"sub"/],
    ['a sub that is a number', { sub: 7 }, /"sub"/],
    ['no name', { name: undefined }, /"name" must be a text/],
    ['a blank name', { name: ' \u0000 ' }, /"name" must not be blank/],
    ['no exp', { exp: undefined }, /"exp" must be a number/],
    ['an exp in words', { exp: 'tomorrow' }, /"exp" must be a number/],
    ['an exp that never comes', { exp: JSON.parse('1e999') }, /"exp" must be a number/],
    ['more than 366 days to live', { exp: seconds + 366 * DAY_S + 1 }, /longer than 366 days/],
    ['more than 366 days of life, most of them over', { exp: seconds + 60, iat: seconds - 366 * DAY_S }, /longer than 366 days/],
    ['an iat in the future', { iat: seconds + 5.1 }, /issued in the future/],
    ['an iat in words', { iat: 'now' }, /"iat" must be a number/],
    ['an empty jti', { jti: '' }, /"jti"/],
    ['a link that is no text', { link: 1 }, /"link"/],
    ['access that is a list', { access: ['team/*'] }, /"access" must map/],
    ['access that is a role', { access: 'admin' }, /"access" must map/],
    ['an unknown role', { access: { plan: 'owner' } }, /"access\.plan" must be one of view, comment/],
    ['a role of Object', { access: { plan: 'constructor' } }, /"access\.plan" must be one of/],
    ['101 patterns', { access: Object.fromEntries(Array.from({ length: 101 }, (_, nth) => [`${nth}`, 'view'])) }, /at most 100/],
    ['a pattern that is too long', { access: { ['a'.repeat(256)]: 'view' } }, /document names and patterns/],
    ['an empty pattern', { access: { '': 'admin' } }, /document names and patterns/],
  ];
  for (const [what, more, sentence] of refused) {
    it(`are refused with ${what}`, () => {
      assert.throws(() => identityOf(claims(more), check), { code: 'token-invalid', message: sentence });
    });
  }

  it('are refused when they are no object', () => {
    for (const payload of [null, 'ada', 7, [], undefined]) assert.throws(() => identityOf(payload, check), { code: 'token-invalid' });
  });

  it('cannot reach the prototype of access', () => {
    const { access } = identityOf(JSON.parse(JSON.stringify(claims()).replace('"team/*"', '"__proto__"')), check);
    assert.equal(Object.getPrototypeOf(access), Object.prototype);
    assert.equal(({} as Record<string, unknown>).edit, undefined);
  });
});
