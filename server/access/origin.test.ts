import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostAllowed, isLoopbackAddress, originAllowed } from './origin.ts';

describe('an open server', () => {
  const names = ['localhost', 'LocalHost', 'app.localhost', 'a.b-c.localhost', '127.0.0.1', '127.3.2.1', '[::1]'];
  const strangers = [
    'example.com',
    'localhost.example.com',
    'notlocalhost',
    '127.0.0.1.nip.io',
    '1127.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '192.168.1.10',
    '[::2]',
    '[::ffff:10.0.0.1]',
    '.localhost',
    'localhost.',
    '',
  ];

  for (const name of names) {
    it(`answers to the host ${name}, with and without a port`, () => {
      assert.equal(hostAllowed(name), true);
      assert.equal(hostAllowed(`${name}:8787`), true);
    });
    it(`takes the origin ${name}, any port and scheme`, () => {
      assert.equal(originAllowed(`http://${name}:5173`), true);
      assert.equal(originAllowed(`https://${name}`), true);
    });
  }

  for (const name of strangers) {
    it(`refuses "${name}" as a host and as an origin`, () => {
      assert.equal(hostAllowed(name), false);
      assert.equal(hostAllowed(`${name}:8787`), false);
      assert.equal(originAllowed(`http://${name}`), false);
    });
  }

  it('takes a request without an Origin, but none without a Host', () => {
    assert.equal(originAllowed(undefined), true);
    assert.equal(originAllowed(null), true);
    assert.equal(hostAllowed(undefined), false);
    assert.equal(hostAllowed(null), false);
  });

  for (const origin of [
    'null',
    '',
    'localhost',
    'file://',
    'http://localhost/',
    'http://localhost@example.com',
    'http://localhost:80 http://example.com',
    'http://example.com\nhttp://localhost',
    'chrome-extension://localhost',
    'http://localhost:1234567',
  ]) {
    it(`refuses the origin ${JSON.stringify(origin)}`, () => assert.equal(originAllowed(origin), false));
  }

  it('knows which addresses reach only this machine', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) assert.equal(isLoopbackAddress(address), true, address);
    for (const address of ['0.0.0.0', '::', '', '192.168.0.2', 'example.com']) assert.equal(isLoopbackAddress(address), false, address);
  });
});
