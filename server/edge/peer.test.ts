import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../config.ts';
import type { Peer } from '../ports/edge.ts';
import { readPeers } from './peer.ts';

const PROXIES = '10.0.0.0/8, 192.0.2.7, fd00::/8';

function peer(remoteAddress: string | undefined, headers: Record<string, string> = {}, encrypted = false): Peer {
  return readPeers(PROXIES).peerOf({ socket: { remoteAddress, encrypted }, headers: { host: 'inner:8787', ...headers } });
}

describe('the address of a client', () => {
  for (const [what, remote, forwarded, address] of [
    ['is the other end of the connection', '203.0.113.9', undefined, '203.0.113.9'],
    ['is not what a stranger says it is', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is what a trusted proxy says', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['is the right-most that is no trusted proxy', '10.1.2.3', '6.6.6.6, 198.51.100.1, 192.0.2.7, 10.9.9.9', '198.51.100.1'],
    ['is not what the client itself put on the left', '10.1.2.3', '10.0.0.1, 127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['is the proxy when it says nothing', '10.1.2.3', undefined, '10.1.2.3'],
    ['is the left-most proxy when all are trusted', '10.1.2.3', '10.0.0.5, 10.0.0.6', '10.0.0.5'],
    ['stops at what is no address', '10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
    ['stops at garbage between addresses', '10.1.2.3', '198.51.100.1, <script>, 10.0.0.6', '10.0.0.6'],
    ['skips empty entries', '10.1.2.3', ' , 198.51.100.1,, ', '198.51.100.1'],
    ['loses its port', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
    ['loses brackets and port', '10.1.2.3', '[2001:db8::1]:4711', '2001:db8::1'],
    ['may be IPv6', 'fd12::1', '2001:DB8::1', '2001:db8::1'],
    ['is IPv4 when it is mapped into IPv6', '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['a mapped proxy is trusted like itself', '::ffff:10.1.2.3', '::ffff:198.51.100.1', '198.51.100.1'],
    ['a long mapped form too', '10.1.2.3', '0:0:0:0:0:ffff:198.51.100.1', '198.51.100.1'],
    ['loses its zone', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['is empty when the socket is gone', undefined, '198.51.100.1', ''],
    ['is not a network', '10.1.2.3', '198.51.100.0/24', '10.1.2.3'],
  ] as const) {
    it(what, () => assert.equal(peer(remote, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }).address, address));
  }
});

describe('scheme and host', () => {
  it('are those of the connection when nobody trusted says otherwise', () => {
    const forged = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };
    assert.deepEqual(peer('203.0.113.9', forged), { address: '203.0.113.9', host: 'inner:8787', secure: false });
    assert.equal(peer('203.0.113.9', { 'x-forwarded-proto': 'http' }, true).secure, true);
  });

  it('are what the nearest trusted proxy says', () => {
    const headers = {
      'x-forwarded-for': '198.51.100.1',
      'x-forwarded-proto': 'http, HTTPS',
      'x-forwarded-host': 'evil.example, docs.example.com',
    };
    assert.deepEqual(peer('10.1.2.3', headers), { address: '198.51.100.1', host: 'docs.example.com', secure: true });
    assert.equal(peer('10.1.2.3', { 'x-forwarded-proto': 'http' }, true).secure, false);
    assert.equal(peer('10.1.2.3', { 'x-forwarded-proto': 'wss' }).secure, true);
  });
});

describe('a shared address', () => {
  const { isShared } = readPeers(PROXIES);
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '10.1.2.3', '192.0.2.7', 'fd12::1', '']) {
    it(`is ${JSON.stringify(address)}`, () => assert.equal(isShared(address), true));
  }
  for (const address of ['203.0.113.9', '192.0.2.8', '2001:db8::1']) it(`is not ${address}`, () => assert.equal(isShared(address), false));
});

describe('INKWIRE_TRUSTED_PROXIES', () => {
  it('may be empty, and trusts nobody then', () => {
    const { peerOf } = readPeers('');
    const headers = { 'x-forwarded-for': '198.51.100.1' };
    assert.equal(peerOf({ socket: { remoteAddress: '127.0.0.1' }, headers }).address, '127.0.0.1');
  });

  for (const text of [
    'localhost',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '*',
    '10.0.0.0/x',
    '10.0.0.0/',
    '10.0.0.1 10.0.0.2',
  ]) {
    it(`refuses ${text}`, () => assert.throws(() => readPeers(text), ConfigError));
  }
});
