import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../protocol/errors.ts';
import { Guard, type GuardedVisit, type GuardLimits } from './guard.ts';

const LIMITS: GuardLimits = {
  maxConnections: 0,
  maxConnectionsPerAddress: 3,
  maxConnectionsPerUser: 2,
  maxUnauthenticated: 2,
  authenticationTimeoutMs: 10_000,
  maxMessagesPerMinute: 600,
  maxBytesPerMinute: 60_000,
  maxRequestsPerMinute: 5,
  maxBadTokensPerMinute: 2,
};
const OFFICE = '203.0.113.9';
const LOOPBACK = '127.0.0.1';
const ada = { sub: 'ada', verified: true };
const guest = { sub: 'Guest', verified: false };

function guarded(limits: Partial<GuardLimits> = {}, asksForTokens = true) {
  const clock = { now: 0 };
  const refusals: string[] = [];
  const guard = new Guard(
    { ...LIMITS, ...limits },
    {
      asksForTokens,
      isShared: (address) => address === LOOPBACK,
      now: () => clock.now,
      onRefusal: (code, address) => refusals.push(`${code} ${address}`),
    },
  );
  const open = (address: string) => {
    const socket = {
      closed: null as ErrorCode | null,
      bytes: 0,
      trusted: false,
      close: (code: ErrorCode) => {
        socket.closed = code;
      },
      bytesRead: () => socket.bytes,
      trust: () => {
        socket.trusted = true;
      },
    };
    return { socket, ...guard.visit(address, socket) } as GuardedVisit & { socket: typeof socket };
  };
  return { guard, clock, refusals, open };
}

describe('sockets', () => {
  it('are bounded for each address, and room comes back when one leaves', () => {
    const { guard, open } = guarded({ maxUnauthenticated: 10 });
    const visits = [open(OFFICE), open(OFFICE), open(OFFICE)];
    assert.equal(guard.admit(OFFICE), 'too-many-connections');
    assert.equal(guard.admit('203.0.113.10'), null);
    visits[0]!.left();
    assert.equal(guard.admit(OFFICE), null);
  });

  it('of one IPv6 network are those of one address', () => {
    const { guard, open } = guarded({ maxConnectionsPerAddress: 1 });
    open('2001:db8::1');
    assert.equal(guard.admit('2001:db8::ffff:1'), 'too-many-connections');
    assert.equal(guard.admit('2001:db8:0:1::1'), null);
  });

  it('of an address that stands for many are not', () => {
    const { guard, open } = guarded();
    for (let socket = 0; socket < 100; socket++) {
      assert.equal(guard.admit(LOOPBACK), null);
      open(LOOPBACK);
    }
  });

  it('are bounded in all, if that is wished', () => {
    const { guard, open } = guarded({ maxConnections: 2 });
    open(LOOPBACK);
    const second = open('203.0.113.10');
    assert.equal(guard.admit(OFFICE), 'server-full');
    second.left();
    assert.equal(guard.admit(OFFICE), null);
  });

  it('are bounded for each user, wherever they come from, and counted once', () => {
    const { open } = guarded();
    const first = open(LOOPBACK);
    assert.equal(first.socket.trusted, false);
    assert.equal(first.signedIn(ada), null);
    assert.equal(first.socket.trusted, true);
    assert.equal(first.signedIn(ada), null);
    assert.equal(open(OFFICE).signedIn(ada), null);
    const third = open(LOOPBACK);
    assert.equal(third.signedIn(ada), 'too-many-connections');
    third.left();
    assert.equal(open(LOOPBACK).signedIn({ sub: 'bob', verified: true }), null);
    first.left();
    assert.equal(open(LOOPBACK).signedIn(ada), null);
  });

  it('of guests are not those of one user', () => {
    const { open } = guarded({}, false);
    for (let socket = 0; socket < 10; socket++) assert.equal(open(LOOPBACK).signedIn(guest), null);
  });
});

describe('sockets that have not signed in', () => {
  it('are bounded for each address; one that signs in makes room', () => {
    const { guard, open } = guarded();
    const first = open(OFFICE);
    open(OFFICE);
    assert.equal(guard.admit(OFFICE), 'too-many-connections');
    first.signedIn(ada);
    assert.equal(guard.admit(OFFICE), null);
  });

  it('are closed in time, once, and then make room', () => {
    const { guard, open, clock, refusals } = guarded();
    const idle = open(OFFICE);
    const signedIn = open(OFFICE);
    signedIn.signedIn(ada);
    clock.now = 9_999;
    guard.sweep();
    assert.equal(idle.socket.closed, null);
    clock.now = 10_000;
    guard.sweep();
    guard.sweep();
    assert.equal(idle.socket.closed, 'sign-in-required');
    assert.equal(signedIn.socket.closed, null);
    assert.deepEqual(refusals, [`sign-in-required ${OFFICE}`]);
    idle.left();
    open(OFFICE);
    assert.equal(guard.admit(OFFICE), null);
  });

  it('are closed when they send much', () => {
    const { guard, open } = guarded();
    const { socket } = open(LOOPBACK);
    socket.bytes = 5 * 1024 * 1024;
    guard.sweep();
    assert.equal(socket.closed, null);
    socket.bytes = 32 * 1024 * 1024;
    guard.sweep();
    assert.equal(socket.closed, 'sign-in-required');
  });

  it('are nothing special on an open server', () => {
    const { guard, open, clock } = guarded({}, false);
    const { socket } = open(LOOPBACK);
    clock.now = 1_000_000;
    guard.sweep();
    assert.equal(socket.closed, null);
  });
});

describe('requests and tries', () => {
  it('are bounded for each address, and for each user wherever they come from', () => {
    const { guard, clock } = guarded();
    for (let request = 0; request < 5; request++) assert.equal(guard.request(OFFICE, null), null);
    assert.equal(guard.request(OFFICE, null), 'too-many-requests');
    for (let request = 0; request < 5; request++) assert.equal(guard.request(request % 2 === 0 ? OFFICE : LOOPBACK, ada), null);
    assert.equal(guard.request(LOOPBACK, ada), 'too-many-requests');
    assert.equal(guard.request(LOOPBACK, { sub: OFFICE, verified: true }), null, 'a user is not an address');
    assert.deepEqual(guard.requestsLeft(OFFICE, null), { by: 'address', perMinute: 5, left: 0 });
    clock.now = 12_000;
    assert.deepEqual(guard.requestsLeft(OFFICE, ada), { by: 'user', perMinute: 5, left: 1 });
    assert.equal(guard.request(OFFICE, null), null);
  });

  it('of shared addresses and guests are not counted', () => {
    const { guard } = guarded();
    for (let request = 0; request < 100; request++) {
      assert.equal(guard.request(LOOPBACK, null), null);
      assert.equal(guard.request(LOOPBACK, guest), null);
    }
  });

  it('with bad tokens are bounded, over all sockets of an address, and do not touch good ones', () => {
    const { guard, open } = guarded({ maxUnauthenticated: 10, maxConnectionsPerAddress: 10 });
    assert.equal(open(OFFICE).badToken(), null);
    assert.equal(guard.badToken(OFFICE), null);
    assert.equal(open(OFFICE).badToken(), 'too-many-requests');
    assert.equal(guard.admit(OFFICE), null);
    assert.equal(open(OFFICE).signedIn(ada), null);
  });
});
