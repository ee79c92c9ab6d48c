import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { readConfig } from '../config.ts';
import type { Received } from '../ports/edge.ts';
import { type EdgeConfig, openEdge } from './edge.ts';

const CLIENT = '203.0.113.9';

/** A request from `CLIENT` by way of a proxy that is trusted. */
const received = (headers: Received['headers'] = {}): Received => ({
  socket: { remoteAddress: '10.0.0.1' },
  headers: { host: 'inkwire.example', 'x-forwarded-for': CLIENT, ...headers },
});

function edgeOf(t: TestContext, config: Partial<EdgeConfig> = {}) {
  const lines: unknown[] = [];
  const edge = openEdge(
    { ...readConfig(), host: '0.0.0.0', trustedProxies: '10.0.0.1', ...config },
    { open: false, now: () => 0, onRefusals: ({ code, address, inAll }) => lines.push([code, address, inAll]) },
  );
  t.after(() => edge.close());
  return { edge, lines };
}

describe('the edge', () => {
  it('admits a request and an upgrade by the same rules, and names who knocks', (t) => {
    const { edge } = edgeOf(t);
    for (const kind of ['request', 'upgrade'] as const) {
      const own = edge.admit(received({ origin: 'https://inkwire.example', 'x-forwarded-proto': 'https' }), kind);
      assert.deepEqual(own, { peer: { address: CLIENT, host: 'inkwire.example', secure: true }, refusal: null });
      assert.equal(edge.admit(received({ origin: 'https://evil.example' }), kind).refusal, 'origin-refused');
    }
    assert.equal(edge.admit(received({ origin: 'https://evil.example' }), 'public-file').refusal, null);
  });

  it('refuses a foreign host whatever is asked for', (t) => {
    const { edge } = edgeOf(t, { host: '127.0.0.1' });
    for (const kind of ['request', 'public-file', 'upgrade'] as const) {
      assert.equal(edge.admit(received({ host: 'rebound.example' }), kind).refusal, 'host-refused', kind);
      assert.equal(edge.admit(received({ host: 'localhost:8787' }), kind).refusal, null, kind);
    }
  });

  it('asks only an upgrade whether there is room for one more link', (t) => {
    const { edge } = edgeOf(t, { maxConnectionsPerAddress: 1 });
    const visit = edge.visit(received(), { close: () => {}, bytesRead: () => 0, trust: () => {} });
    assert.equal(edge.admit(received(), 'upgrade').refusal, 'too-many-connections');
    assert.equal(edge.admit(received(), 'request').refusal, null);
    visit.left();
    assert.equal(edge.admit(received(), 'upgrade').refusal, null);
  });

  it('reports a refused upgrade itself, and a refused request when it is told of it', (t) => {
    const { edge, lines } = edgeOf(t);
    edge.admit(received({ origin: 'https://evil.example' }), 'request');
    assert.deepEqual(lines, []);
    edge.admit(received({ origin: 'https://evil.example' }), 'upgrade');
    edge.refused('forbidden', CLIENT);
    assert.deepEqual(lines, [
      ['origin-refused', CLIENT, 1],
      ['forbidden', CLIENT, 1],
    ]);
  });
});
