import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roleOf, serverRoleOf } from '../../protocol/identity.ts';
import { guestOf } from './guest.ts';

describe('a guest of an open server', () => {
  it('may do all, and nothing of them was checked', () => {
    const guest = guestOf('guest:Ada');
    assert.deepEqual([roleOf(guest, 'any/document'), serverRoleOf(guest)], ['admin', 'admin']);
    assert.deepEqual([guest.verified, guest.expiresAt, guest.tokenId], [false, null, null]);
  });

  const named: [token: string, name: string][] = [
    ['guest:Ada', 'Ada'],
    ['guest:%C3%84da%20L', 'Äda L'],
    ['guest:%0A%00 Ada ', 'Ada'],
    [`guest:${'a'.repeat(100)}`, 'a'.repeat(80)],
    [`guest:${encodeURIComponent('😀'.repeat(100))}`, '😀'.repeat(80)],
    ['', 'Guest'],
    ['guest:', 'Guest'],
    ['guest:%20', 'Guest'],
    ['guest:%E0%A4%A', 'Guest'],
    ['Ada', 'Guest'],
    ['eyJhbGciOiJub25lIn0.e30.', 'Guest'],
  ];
  for (const [token, name] of named) {
    it(`with the token "${token.slice(0, 30)}" is "${name.slice(0, 10)}" to others and in the log`, () => {
      const { sub, name: shown } = guestOf(token);
      assert.deepEqual([sub, shown], [name, name]);
    });
  }
});
