import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccessPatterns, Identity } from '../../protocol/identity.ts';
import type { Checked } from './sign-in.ts';
import { Standing } from './standing.ts';

const GRACE_MS = 30_000;
const HOUR_MS = 3_600_000;
const START = 1_750_000_000_000;

function ada(access: AccessPatterns, expiresAt: number | null = START + HOUR_MS): Identity {
  return { sub: 'ada', name: 'Ada', verified: expiresAt !== null, tokenId: null, shareLink: null, issuedAt: START, expiresAt, access };
}

/** A standing whose deeds are written down; tokens are checked when the test says so, and time passes when it says so. */
function standing(identity: Identity, outdated = false, restricted = false) {
  const done: string[] = [];
  const checks: { token: string; answer: (checked: Checked) => void }[] = [];
  const world = { now: START, revoked: new Set<Identity>() };
  const access = new Standing({
    identity,
    documentName: 'plan',
    outdated,
    restricted,
    onRenewed: () => {},
    check: (token) => new Promise((answer) => checks.push({ token, answer })),
    rules: {
      graceMs: GRACE_MS,
      now: () => world.now,
      access: { isRevoked: (known) => world.revoked.has(known), onRevocation: () => () => {} },
    },
    controls: {
      setReadOnly: (readOnly) => done.push(`scope ${readOnly ? 'readonly' : 'read-write'}`),
      suspend: () => done.push('suspend'),
      resume: () => done.push('resume'),
      tell: (role, reason) => done.push(`tell ${role} ${reason}`),
      confirm: (readOnly) => done.push(`confirm ${readOnly ? 'readonly' : 'read-write'}`),
      askForToken: () => done.push('ask'),
      refuse: (code) => done.push(`refuse ${code}`),
    },
  });
  const pass = (ms: number) => {
    world.now += ms;
    access.advance(world.now);
  };
  const revoke = (known: Identity) => {
    world.revoked.add(known);
    access.checkRevocation();
  };
  /** Answers the check that waits, and lets it have its effect. */
  const check = async (result: Identity | Checked) => {
    checks.shift()?.answer('kind' in result ? result : { kind: 'good', identity: result });
    await new Promise(setImmediate);
  };
  return { access, done, checks, world, pass, revoke, check, take: () => done.splice(0) };
}

describe('what a member may do', () => {
  it('is told once, and told again when it changes', async () => {
    const { access, take, check } = standing(ada({ plan: 'edit' }));
    access.enter();
    assert.deepEqual(take(), ['tell edit null']);
    access.offer('same');
    await check(ada({ plan: 'edit' }));
    assert.deepEqual(take(), ['confirm read-write']);
    access.offer('less');
    await check(ada({ plan: 'comment' }));
    assert.deepEqual(take(), ['scope readonly', 'tell comment changed']);
    access.offer('more');
    await check(ada({ '*': 'admin' }));
    assert.deepEqual(take(), ['scope read-write', 'tell admin changed']);
  });

  it('is to read when the token expires, and all of it again with the next', async () => {
    const { access, take, pass, check } = standing(ada({ plan: 'edit' }));
    access.enter();
    take();
    pass(0.8 * HOUR_MS);
    assert.deepEqual(take(), ['ask']);
    pass(0.2 * HOUR_MS);
    assert.deepEqual(take(), ['scope readonly', 'tell view expired', 'ask']);
    access.offer('next');
    await check(ada({ plan: 'edit' }, START + 2 * HOUR_MS));
    assert.deepEqual(take(), ['scope read-write', 'tell edit null']);
  });

  it('[A1] is nothing after a revocation, and ends with it', () => {
    const identity = ada({ plan: 'edit' });
    const { access, take, pass, revoke } = standing(identity);
    access.enter();
    take();
    revoke(identity);
    assert.deepEqual(take(), ['scope readonly', 'suspend', 'tell view revoked', 'ask']);
    pass(GRACE_MS);
    assert.deepEqual(take(), ['refuse token-revoked']);
    pass(HOUR_MS);
    revoke(identity);
    assert.deepEqual(take(), []);
  });

  it('[A1] is nothing from the start when the token was revoked while the document was loaded', () => {
    const identity = ada({ plan: 'view' });
    const { access, world, take } = standing(identity);
    world.revoked.add(identity);
    access.enter();
    assert.deepEqual(take(), ['suspend', 'tell view revoked', 'ask']);
  });

  it('changes nothing with a token that is refused, revoked, or as good as expired', async () => {
    const { access, world, take, check } = standing(ada({ plan: 'edit' }));
    access.enter();
    take();
    for (const result of [{ kind: 'refused', code: 'token-invalid' } as const, ada({ plan: 'view' }, START)]) {
      access.offer('bad');
      await check(result);
    }
    const revoked = ada({ plan: 'view' });
    world.revoked.add(revoked);
    access.offer('revoked');
    await check(revoked);
    assert.deepEqual(take(), []);
  });

  it('ends when the other token has no role here, or is for somebody else', async () => {
    for (const [identity, code] of [
      [ada({ other: 'admin' }), 'forbidden'],
      [{ ...ada({ plan: 'edit' }), sub: 'eve' }, 'token-invalid'],
    ] as const) {
      const { access, take, check } = standing(ada({ plan: 'edit' }));
      access.enter();
      take();
      access.offer('other');
      await check(identity);
      assert.deepEqual(take(), [`refuse ${code}`]);
    }
  });

  it('ends with "try again" when it was the server that could not check the next token', async () => {
    const { access, take, pass, check } = standing(ada({ plan: 'edit' }));
    access.enter();
    pass(HOUR_MS);
    access.offer('next');
    await check({ kind: 'unchecked', code: 'keys-unavailable' });
    take();
    pass(GRACE_MS);
    assert.deepEqual(take(), ['refuse keys-unavailable']);
  });

  it('goes by the last of the tokens that came while one was checked', async () => {
    const { access, checks, take, check } = standing(ada({ plan: 'edit' }));
    access.enter();
    take();
    for (let n = 0; n < 1_000; n++) access.offer(`token ${n}`);
    assert.deepEqual(
      checks.map(({ token }) => token),
      ['token 0'],
    );
    await check(ada({ plan: 'edit' }));
    assert.deepEqual(
      checks.map(({ token }) => token),
      ['token 999'],
    );
    access.leave();
    take();
    await check(ada({ plan: 'view' }));
    assert.deepEqual(take(), [], 'the document is closed');
  });

  it('does not end for guests, and is no word to them but that their element is too old', () => {
    const { access, take, pass } = standing(ada({ '*': 'admin' }, null));
    access.enter();
    pass(1_000 * HOUR_MS);
    assert.equal(access.dueAt, Number.POSITIVE_INFINITY);
    assert.deepEqual(take(), []);
    access.outdate();
    assert.deepEqual(take(), ['scope readonly', 'tell view update-required']);
    const late = standing(ada({ '*': 'admin' }, null), true);
    late.access.enter();
    assert.deepEqual(late.take(), ['scope readonly', 'tell view update-required']);
  });

  it('is no less for a viewer whose element is too old', () => {
    const { access, take } = standing(ada({ plan: 'view' }), true);
    access.enter();
    assert.deepEqual(take(), ['tell view null']);
  });

  it('ends when its bearer has tried more bad tokens than they may', async () => {
    const { access, take, check } = standing(ada({ plan: 'edit' }));
    access.enter();
    take();
    access.offer('bad');
    await check({ kind: 'too-many', code: 'too-many-requests' });
    assert.deepEqual(take(), ['refuse too-many-requests']);
  });

  it('is to read for as long as an extension says so, whatever the role', async () => {
    const { access, take, check } = standing(ada({ plan: 'edit' }), false, true);
    access.enter();
    assert.deepEqual(take(), ['tell edit null']);
    assert.equal(access.mayWrite, false);
    access.restrict(false);
    assert.deepEqual(take(), ['scope read-write']);
    access.restrict(true);
    access.offer('more');
    await check(ada({ '*': 'admin' }));
    assert.deepEqual(take(), ['scope readonly', 'tell admin changed', 'confirm readonly']);
  });
});
