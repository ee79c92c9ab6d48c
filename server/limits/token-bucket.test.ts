import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it("holds a minute's worth, which may be spent at once", () => {
    const bucket = new TokenBucket(60, 0);
    assert.equal(bucket.available(0), 60);
    bucket.spend(60);
    assert.equal(bucket.available(0), 0);
  });

  it('refills evenly, and never beyond a minute', () => {
    const bucket = new TokenBucket(60, 0);
    bucket.spend(60);
    assert.equal(bucket.available(1_000), 1);
    assert.equal(bucket.available(30_000), 30);
    assert.equal(bucket.available(10_000_000), 60);
  });

  it('may be overdrawn, and pays that back first', () => {
    const bucket = new TokenBucket(60, 0);
    bucket.spend(90);
    assert.equal(bucket.available(0), -30);
    assert.equal(bucket.available(30_000), 0);
  });

  it('gives nothing for a clock that stands or goes back', () => {
    const bucket = new TokenBucket(60, 5_000);
    bucket.spend(60);
    assert.equal(bucket.available(5_000), 0);
    assert.equal(bucket.available(0), 0);
    assert.equal(bucket.available(6_000), 1);
  });
});
