import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advance, begin, dueAt, type Lifetime, revoke } from './lifetime.ts';

const GRACE_MS = 30_000;
const HOUR_MS = 3_600_000;
const START = 1_750_000_000_000;

/** Runs the clock to `until`, stopping whenever something is due; when asked, ms after the start, and where it ends. */
function live(lifetime: Lifetime, until: number): { asks: number[]; lifetime: Lifetime } {
  const asks: number[] = [];
  let state = lifetime;
  for (let now = dueAt(state); now <= until; now = Math.max(dueAt(state), now + 1)) {
    const step = advance(state, now, GRACE_MS);
    state = step.lifetime;
    if (step.ask) asks.push(Math.round(now - START));
  }
  return { asks, lifetime: state };
}

describe('the lifetime of a session', () => {
  it('asks for the next token at 80 % of the life of this one, and then ever closer to its end', () => {
    const { asks, lifetime } = live(begin(START + HOUR_MS, START), START + HOUR_MS - 1_000);
    assert.deepEqual(
      asks,
      [0.8, 0.96, 0.992, 0.9984, 0.99968].map((part) => Math.round(part * HOUR_MS)),
    );
    assert.equal(lifetime.kind, 'valid');
  });

  it('does nothing before it is due', () => {
    const lifetime = begin(START + HOUR_MS, START);
    assert.deepEqual(advance(lifetime, dueAt(lifetime) - 1, GRACE_MS), { lifetime, ask: false });
  });

  it('asks early for the successor of a token that came late in its life', () => {
    assert.equal(dueAt(begin(START + 1_000, START)), START + 800);
  });

  it('gives a grace from the expiry on, asks every five seconds, and is over at its end', () => {
    const atExpiry = advance(begin(START, START - 1_000), START, GRACE_MS);
    assert.deepEqual(atExpiry, {
      lifetime: { kind: 'grace', reason: 'expired', endsAt: START + GRACE_MS, askAt: START + 5_000 },
      ask: true,
    });
    const { asks, lifetime } = live(atExpiry.lifetime, START + 2 * GRACE_MS);
    assert.deepEqual(asks, [5_000, 10_000, 15_000, 20_000, 25_000]);
    assert.deepEqual(lifetime, { kind: 'over', reason: 'expired' });
    assert.equal(dueAt(lifetime), Number.POSITIVE_INFINITY);
  });

  it('gives the whole grace to a session whose expiry was noticed late, as after the machine slept', () => {
    const { lifetime } = advance(begin(START, START - 1_000), START + HOUR_MS, GRACE_MS);
    assert.equal(lifetime.kind === 'grace' && lifetime.endsAt, START + HOUR_MS + GRACE_MS);
  });

  it('a revoked token asks at once, and is over when no other came', () => {
    const revoked = revoke(begin(START + HOUR_MS, START), START, GRACE_MS);
    assert.equal(dueAt(revoked), START);
    const { asks, lifetime } = live(revoked, START + HOUR_MS);
    assert.deepEqual(asks, [0, 5_000, 10_000, 15_000, 20_000, 25_000]);
    assert.deepEqual(lifetime, { kind: 'over', reason: 'revoked' });
  });

  it('revoking gains no time: not after the expiry, not twice, not after the end', () => {
    const { lifetime } = advance(begin(START, START - 1_000), START, GRACE_MS);
    const revoked = revoke(lifetime, START + 1_000, GRACE_MS);
    assert.equal(revoked.kind === 'grace' && revoked.endsAt, START + GRACE_MS);
    assert.equal(revoke(revoked, START + 2_000, GRACE_MS), revoked);
    const over: Lifetime = { kind: 'over', reason: 'expired' };
    assert.equal(revoke(over, START, GRACE_MS), over);
  });
});
