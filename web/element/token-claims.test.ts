import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimsOf } from './token-claims.ts';

const token = (payload: unknown) => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;

describe('claimsOf', () => {
  it('reads who a token speaks for, in any script', () =>
    assert.deepEqual(claimsOf(token({ sub: 'ada', name: 'Ада Лавлейс ✒️', access: { 'team/*': 'edit' } })), {
      sub: 'ada',
      name: 'Ада Лавлейс ✒️',
      access: { 'team/*': 'edit' },
    }));
  for (const other of ['', 'guest:Ada', 'a.b.c', 'e30.e30.', token(null), token([]), token({ sub: 1, name: 'Ada' })]) {
    it(`finds none in ${JSON.stringify(other)}`, () => assert.equal(claimsOf(other), null));
  }
});
