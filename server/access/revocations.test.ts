import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Revocation, RevocationKind } from '../../persistence/access-store.ts';
import { Revocations } from './revocations.ts';

const revocation = (id: number, kind: RevocationKind, value: string, revokedAt: number, expiresAt = 1e6): Revocation => ({
  id: BigInt(id),
  kind,
  value,
  revokedAt,
  expiresAt,
});

function known(...revocations: Revocation[]): Revocations {
  const all = new Revocations();
  all.addNext(revocations);
  return all;
}

const identity = (more: Partial<Parameters<Revocations['includes']>[0]> = {}) => ({
  ...{ sub: 'ada', name: 'Ada', verified: true, tokenId: 'one', shareLink: null, issuedAt: 100, expiresAt: 9_000 },
  ...more,
});

describe('revocations', () => {
  it('of a token mean it alone, whenever it was issued', () => {
    const all = known(revocation(1, 'token', 'one', 50));
    assert.equal(all.includes(identity()), true);
    assert.equal(all.includes(identity({ tokenId: 'two' })), false);
    assert.equal(all.includes(identity({ tokenId: null })), false);
    assert.equal(all.includes(identity({ sub: 'one', tokenId: null, shareLink: 'one' })), false);
  });

  for (const [kind, theirs, others] of [
    ['subject', {}, { sub: 'bea' }],
    ['share-link', { shareLink: 'ada' }, { shareLink: 'bea' }],
  ] as const) {
    it(`of a ${kind} mean the tokens issued until then`, () => {
      const all = known(revocation(1, kind, 'ada', 100));
      assert.equal(all.includes(identity({ ...theirs, issuedAt: 99 })), true);
      assert.equal(all.includes(identity({ ...theirs, issuedAt: 100 })), true);
      assert.equal(all.includes(identity({ ...theirs, issuedAt: 101 })), false);
      assert.equal(all.includes(identity({ ...theirs, issuedAt: null })), true);
      assert.equal(all.includes(identity(others)), false);
      assert.equal(all.includes(identity({ ...others, issuedAt: null })), false);
    });
  }

  it('are read on from the last that was read, not from the last this process made', () => {
    const all = known(revocation(3, 'subject', 'ada', 100));
    assert.equal(all.add([revocation(7, 'subject', 'bea', 100)]), true);
    assert.equal(all.last, 3n);
    assert.equal(all.addNext([revocation(5, 'subject', 'cem', 100), revocation(7, 'subject', 'bea', 100)]), true);
    assert.equal(all.last, 7n);
    assert.equal(all.addNext([]), false);
    assert.equal(all.addNext([revocation(7, 'subject', 'bea', 100)]), false);
  });

  it('take the later one of the same value, in whatever order they come', () => {
    const all = known(revocation(9, 'subject', 'ada', 100));
    assert.equal(all.add([revocation(4, 'subject', 'ada', 50)]), false);
    assert.equal(all.includes(identity({ issuedAt: 80 })), true);
  });

  it('are forgotten once every token they mean has expired', () => {
    const all = known(revocation(1, 'subject', 'ada', 100, 500), revocation(2, 'token', 'one', 100, 501));
    all.forget(501);
    assert.equal(all.includes(identity({ tokenId: null })), false);
    assert.equal(all.includes(identity()), true);
  });

  it('say from when on a token is good', () => {
    const all = known(revocation(1, 'subject', 'ada', 100), revocation(2, 'share-link', 'abc', 200));
    assert.equal(all.issuableFrom({ sub: 'ada' }), 101);
    assert.equal(all.issuableFrom({ sub: 'ada', shareLink: 'abc' }), 201);
    assert.equal(all.includes(identity({ issuedAt: all.issuableFrom({ sub: 'ada' }) })), false);
  });
});
