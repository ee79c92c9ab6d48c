import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { listening, testApp } from './testing.ts';

const LIMIT = 64 * 1024;

describe('over a real socket', () => {
  let server: Awaited<ReturnType<typeof listening>>;
  before(async () => {
    server = await listening(testApp().app);
    await fetch(`${server.url}/api/documents?name=a`, { method: 'POST', headers: { 'Content-Type': 'text/markdown' }, body: 'hello' });
  });
  after(() => server.stop());

  const markdown = { 'Content-Type': 'text/markdown' };

  /** A body of unknown length, which Node sends chunked. */
  function chunked(bytes: number): ReadableStream<Uint8Array> {
    let left = bytes;
    return new ReadableStream({
      pull(controller) {
        const size = Math.min(left, 1000);
        left -= size;
        if (size === 0) controller.close();
        else controller.enqueue(new Uint8Array(size).fill(97));
      },
    });
  }

  for (const [path, method] of [
    ['/api/documents', 'POST'],
    ['/api/documents/a/content', 'PUT'],
  ] as const) {
    it(`${method} ${path} refuses a body past the limit, said or chunked, and takes one at the limit`, async () => {
      for (const body of ['a'.repeat(LIMIT + 1), chunked(LIMIT + 1)]) {
        const response = await fetch(`${server.url}${path}`, { method, headers: markdown, body, duplex: 'half' } as RequestInit);
        assert.equal(response.status, 413);
        const { code, maxBytes } = (await response.json()) as { code: string; maxBytes: number };
        assert.deepEqual({ code, maxBytes }, { code: 'body-too-large', maxBytes: LIMIT });
      }
      for (const body of ['a'.repeat(LIMIT), chunked(LIMIT)]) {
        const response = await fetch(`${server.url}${path}`, { method, headers: markdown, body, duplex: 'half' } as RequestInit);
        assert.ok(response.ok, String(response.status));
        await response.bytes();
      }
    });
  }

  it('refuses an announced giant before it is sent', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${server.url}/api/documents`, { method: 'POST', headers: { ...markdown, 'Content-Length': 10 ** 12 } });
      sent.on('response', (response) => {
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.on('error', reject);
      sent.flushHeaders();
    });
    assert.equal(status, 413);
  });

  it('HEAD has the headers of GET and no body', async () => {
    const url = `${server.url}/api/documents/a/export?format=text`;
    const headers = { 'Accept-Encoding': 'identity' };
    const get = await fetch(url, { headers });
    const { length } = await get.bytes();
    const head = await fetch(url, { method: 'HEAD', headers });
    assert.equal(head.headers.get('content-length'), String(length));
    assert.equal(head.headers.get('etag'), get.headers.get('etag'));
    assert.equal((await head.bytes()).length, 0);
  });

  it('keeps one connection through answers of every kind', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number>();
    const ask = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
      new Promise<{ status: number; etag: string | undefined }>((resolve, reject) => {
        const sent = request(`${server.url}${path}`, { agent, method, headers }, (response) => {
          ports.add(response.socket.localPort!);
          response.resume().on('end', () => resolve({ status: response.statusCode!, etag: response.headers.etag }));
        });
        sent.on('error', reject).end();
      });
    const first = await ask('/api/documents/a/export?format=text');
    assert.equal((await ask('/api/documents/a/export?format=text', 'GET', { 'If-None-Match': first.etag! })).status, 304);
    assert.equal((await ask('/api/documents/a/export', 'HEAD')).status, 200);
    assert.equal((await ask('/nowhere')).status, 404);
    assert.equal((await ask('/api/documents', 'PUT')).status, 405);
    assert.equal((await ask('/healthz')).status, 200);
    assert.equal(ports.size, 1);
    agent.destroy();
  });

  const heads: [what: string, head: string, status: number, code: string][] = [
    ['a host of somebody else', 'GET /api/documents HTTP/1.1\r\nHost: rebound.example', 421, 'host-refused'],
    ['a host that is none', 'GET /api/documents HTTP/1.1\r\nHost: a b', 400, 'bad-request'],
    ['an address of somebody else', 'GET http://rebound.example/api/documents HTTP/1.1\r\nHost: localhost', 421, 'host-refused'],
    ['a backslash in the path', 'GET /api\\documents HTTP/1.1\r\nHost: localhost', 400, 'bad-request'],
    ['a malformed escape', 'GET /api/documents/%ff HTTP/1.1\r\nHost: localhost', 400, 'bad-name'],
    ['dots that lead up', 'DELETE /api/documents/%2e%2e HTTP/1.1\r\nHost: localhost', 404, 'not-found'],
  ];
  for (const [what, head, status, code] of heads) {
    it(`refuses ${what}`, async () => {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(server.port, '127.0.0.1', () => socket.write(`${head}\r\nConnection: close\r\n\r\n`));
        let received = '';
        socket.setEncoding('utf8').on('data', (text: string) => {
          received += text;
        });
        socket.on('end', () => resolve(received)).on('error', reject);
      });
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(answer, new RegExp(`"code":"${code}"`));
    });
  }
});
