import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRedisUrl } from './redis-address.ts';

describe('the address of Redis', () => {
  it('is a server, as it is', () => {
    for (const url of [
      'redis://localhost',
      'redis://:secret@10.0.0.1:6380/2',
      'rediss://user:p%40ss@redis.example.com',
      'redis://[::1]:6379',
    ]) {
      assert.deepEqual(readRedisUrl(url), { kind: 'server', url });
    }
  });

  it('is a cluster, or Sentinels and what they call the primary', () => {
    assert.deepEqual(readRedisUrl('rediss+cluster://u:p%40@a:7000,b,[::1]:7002'), {
      kind: 'cluster',
      urls: ['rediss://a:7000', 'rediss://b:6379', 'rediss://[::1]:7002'],
      username: 'u',
      password: 'p@',
      tls: true,
    });
    assert.deepEqual(readRedisUrl('redis+sentinel://:pw@s1,s2:26380/main'), {
      kind: 'sentinel',
      hosts: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 26_380 },
      ],
      primary: 'main',
      username: '',
      password: 'pw',
      tls: false,
    });
  });

  it('is nothing else, and the refusal holds nothing of it', () => {
    for (const url of [
      '',
      'localhost:6379',
      'http://secret@x',
      'redis://a,b',
      'redis://a/secret',
      'redis+sentinel://secret',
      'redis://a:secret',
    ]) {
      assert.throws(
        () => readRedisUrl(url),
        (error: Error) => error instanceof RangeError && !error.message.includes('secret'),
      );
    }
  });
});
