import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../config.ts';
import { isLoopbackAddress, originRules } from './origin.ts';

const PLAIN = { host: '127.0.0.1:8787', secure: false };

describe('[A3] an open server', () => {
  const { hostAllowed, originAllowed } = originRules({ open: true, listenAddress: '127.0.0.1', origins: 'https://app.example.com' });
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
      assert.equal(originAllowed(`http://${name}:5173`, PLAIN), true);
      assert.equal(originAllowed(`https://${name}`, PLAIN), true);
    });
  }

  for (const name of strangers) {
    it(`refuses "${name}" as a host and as an origin`, () => {
      assert.equal(hostAllowed(name), false);
      assert.equal(hostAllowed(`${name}:8787`), false);
      assert.equal(originAllowed(`http://${name}`, PLAIN), false);
    });
  }

  it('takes a request without an Origin, but none without a Host', () => {
    assert.equal(originAllowed(undefined, PLAIN), true);
    assert.equal(originAllowed(null, PLAIN), true);
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
    it(`refuses the origin ${JSON.stringify(origin)}`, () => assert.equal(originAllowed(origin, PLAIN), false));
  }

  it('takes a listed origin, but does not answer to its host', () => {
    assert.equal(originAllowed('https://app.example.com', PLAIN), true);
    assert.equal(hostAllowed('app.example.com'), false);
  });
});

describe('a server that asks for tokens', () => {
  const rules = (listenAddress: string) =>
    originRules({ open: false, listenAddress, origins: 'https://app.example.com, http://localhost:5173' });

  for (const [origin, host, secure, allowed] of [
    ['https://docs.example.com', 'docs.example.com', true, true],
    ['https://docs.example.com', 'docs.example.com', false, true],
    ['http://docs.example.com', 'docs.example.com', false, true],
    ['http://docs.example.com', 'docs.example.com', true, false],
    ['https://DOCS.example.com:8443', 'docs.example.com:8443', true, true],
    ['https://docs.example.com:8443', 'docs.example.com', true, false],
    ['https://evil.docs.example.com', 'docs.example.com', true, false],
    ['https://docs.example.com.evil.com', 'docs.example.com', true, false],
    ['https://docs.example.com@evil.com', 'docs.example.com', true, false],
    ['https://docs.example.com/', 'docs.example.com', true, false],
    ['ftp://docs.example.com', 'docs.example.com', false, false],
    ['https://app.example.com', 'docs.example.com', true, true],
    ['http://app.example.com', 'docs.example.com', false, false],
    ['http://localhost:5173', 'docs.example.com', true, true],
    ['http://localhost:5174', 'docs.example.com', true, false],
    ['http://localhost', '127.0.0.1:8787', false, false],
    ['null', 'docs.example.com', true, false],
    ['null', 'null', false, false],
    ['https://evil.com', undefined, true, false],
  ] as const) {
    it(`${allowed ? 'takes' : 'refuses'} ${origin} for ${host}${secure ? ' over TLS' : ''}`, () => {
      assert.equal(rules('0.0.0.0').originAllowed(origin, { host, secure }), allowed);
    });
  }

  it('answers to any host when it listens to the world, but not to none', () => {
    assert.equal(rules('0.0.0.0').hostAllowed('docs.example.com'), true);
    assert.equal(rules('0.0.0.0').hostAllowed(undefined), false);
  });

  it('on loopback answers to this machine and to the hosts of its origins, so that a proxy beside it may hand them on', () => {
    const { hostAllowed } = rules('127.0.0.1');
    assert.equal(hostAllowed('127.0.0.1:8787'), true);
    assert.equal(hostAllowed('App.example.com'), true);
    assert.equal(hostAllowed('localhost.example.com'), false);
    assert.equal(hostAllowed('rebound.evil.com'), false);
  });
});

describe('INKWIRE_ORIGINS', () => {
  const parse = (origins: string) => originRules({ open: false, listenAddress: '0.0.0.0', origins }).origins;

  it('is a list of origins', () => {
    assert.deepEqual(parse(''), []);
    assert.deepEqual(parse(' https://a.example , http://B.example:81,'), ['https://a.example', 'http://b.example:81']);
  });

  for (const text of ['*', 'https://a.example,*', 'https://*.a.example']) {
    it(`cannot hold a *: ${text}`, () => assert.throws(() => parse(text), /cannot hold a \*/));
  }

  for (const text of [
    ...['https://a.example/', 'https://a.example/docs', 'a.example', 'null', 'file:///tmp', 'https://u:p@a.example'],
    ...['https://a.example:443', 'https://a.example https://b.example', 'javascript:alert(1)'],
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => parse(text), ConfigError));
  }
});

it('[A3] knows which addresses reach only this machine', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) assert.equal(isLoopbackAddress(address), true, address);
  for (const address of ['0.0.0.0', '::', '', '192.168.0.2', 'example.com']) assert.equal(isLoopbackAddress(address), false, address);
});
