import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { assetPath } from '../../protocol/assets.ts';
import type { Assets } from '../ports/assets.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { memoryAssets } from './testing/memory-assets.ts';
import { listening, testApp } from './testing.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, ...Array.from({ length: 3000 }, (_, nth) => nth % 251)]);
const PATH = '/api/documents/team%2Fplan/assets';

function form(bytes: Uint8Array | string, fileName = 'a.png', fields: Record<string, string> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set('file', new File([bytes as BlobPart], fileName, { type: 'image/png' }));
  return data;
}

async function uploaded(app: ReturnType<typeof testApp>['app'], bytes: Uint8Array = PNG) {
  const response = await app.request(PATH, { method: 'POST', body: form(bytes) });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()) as { url: string; hash: string; picture: boolean };
}

async function refusedAs(response: Response, status: number, code: string): Promise<string> {
  const body = await response.json();
  assert.deepEqual([response.status, body.code], [status, code], JSON.stringify(body));
  return body.detail;
}

describe('an upload', () => {
  it('is answered with what it is and where it lies', async () => {
    const { app } = testApp();
    const response = await app.request(PATH, { method: 'POST', body: form(PNG, 'a.png', { before: 'x' }) });
    const { hash, ...view } = await response.json();
    const url = assetPath({ documentName: 'team/plan', hash });
    assert.deepEqual(view, { url, mediaType: 'image/png', picture: true, size: PNG.length, fileName: 'a.png' });
    assert.equal(response.headers.get('location'), url);
  });

  it('is one file in a form, and says so to whoever sends another thing', async () => {
    const { app } = testApp();
    const post = (body: BodyInit | null, type?: string) =>
      app.request(PATH, { method: 'POST', body, ...(type === undefined ? {} : { headers: { 'Content-Type': type } }) });
    assert.match(await refusedAs(await post(PNG, 'image/png'), 415, 'unsupported-media-type'), /multipart\/form-data/);
    await refusedAs(await post(null), 415, 'unsupported-media-type');
    await refusedAs(await post('x', 'multipart/form-data'), 415, 'unsupported-media-type');
    await refusedAs(await post('x', 'multipart/form-data; charset=utf-8'), 400, 'bad-request');
    await refusedAs(await post('no form', 'multipart/form-data; boundary=b'), 400, 'bad-request');
    await refusedAs(
      await post('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf', 'multipart/form-data; boundary=b'),
      400,
      'bad-request',
    );
    const empty = new FormData();
    empty.set('file', 'a field, not a file');
    assert.match(await refusedAs(await post(empty), 400, 'bad-request'), /no file/);
    const two = form(PNG);
    two.append('file', new File(['b'], 'b.png'));
    assert.match(await refusedAs(await post(two), 400, 'bad-request'), /one file/);
  });

  it('is refused for its length before a byte of it is read', async () => {
    const calls: string[] = [];
    const assets: Assets = { ...memoryAssets(), maxBytes: 1000, store: async () => assert.fail(String(calls.push('store'))) };
    const { app } = testApp({ assets });
    const server = await listening(app);
    try {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(
        `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000000\r\n\r\n`,
      );
      const answer = await new Promise<string>((done) => socket.once('data', (data) => done(String(data))));
      socket.destroy();
      assert.match(answer, /^HTTP\/1\.1 413 /);
      assert.deepEqual(calls, []);
    } finally {
      await server.stop();
    }
  });

  it('is not read further once it is refused, and the connection ends', async () => {
    const { app } = testApp();
    const server = await listening(app);
    let sent = 0;
    try {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n')),
        pull(controller) {
          sent += 64 * 1024;
          if (sent > 400 * 1024 * 1024) controller.close();
          else controller.enqueue(new Uint8Array(64 * 1024));
        },
      });
      const init = { method: 'POST', body, duplex: 'half', headers: { 'Content-Type': 'multipart/form-data; boundary=b' } };
      const response = await fetch(server.url + PATH, init as RequestInit).catch(() => null);
      if (response !== null) await refusedAs(response, 413, 'body-too-large');
      assert.ok(sent < 200 * 1024 * 1024, `${sent} bytes were taken`);
    } finally {
      await server.stop();
    }
  });

  it('whose sender goes away ends, and gives up its turn', async () => {
    const ended = Promise.withResolvers<unknown>();
    const tell = (error: unknown) => {
      ended.resolve(error);
      throw error;
    };
    const begun = Promise.withResolvers<void>();
    const memory = memoryAssets();
    const assets: Assets = {
      ...memory,
      store(asset) {
        begun.resolve();
        return memory.store(asset).catch(tell);
      },
    };
    const { app } = testApp({ assets });
    const server = await listening(app);
    try {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(
        `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n`,
      );
      socket.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf');
      await begun.promise;
      socket.destroy();
      assert.equal(((await ended.promise) as { code: string }).code, 'bad-request');
    } finally {
      await server.stop();
    }
  });

  it('[A2] is not kept for somebody whose token was revoked while it came in', async () => {
    const access = memoryAccess();
    const token = access.tokenFor('ann', { 'team/plan': 'edit' });
    const memory = memoryAssets();
    const assets: Assets = {
      ...memory,
      store: async (asset) => {
        await access.revoke({ sub: 'ann' });
        return memory.store(asset);
      },
    };
    const { app } = testApp({ access, assets });
    const response = await app.request(PATH, { method: 'POST', body: form(PNG), headers: { Authorization: `Bearer ${token}` } });
    await refusedAs(response, 401, 'token-revoked');
  });
});

describe('a picture', () => {
  it('[X6] is shown as what it is, and can do nothing', async () => {
    const { app } = testApp();
    const { url } = await uploaded(app);
    const response = await app.request(url);
    const header = (name: string) => response.headers.get(name);
    assert.equal(response.status, 200);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(PNG));
    assert.equal(header('content-type'), 'image/png');
    assert.equal(header('content-length'), String(PNG.length));
    assert.equal(header('x-content-type-options'), 'nosniff');
    assert.equal(header('content-security-policy'), "sandbox; default-src 'none'; frame-ancestors 'none'");
    assert.equal(header('content-disposition'), `inline; filename="a.png"; filename*=UTF-8''a.png`);
    assert.equal(header('cross-origin-resource-policy'), 'same-origin');
    assert.equal(header('content-encoding'), null);
    assert.match((await app.request(`${url}?download=1`)).headers.get('content-disposition')!, /^attachment;/);
  });

  it('[X6] and a file that is none is a download, also when it was called one', async () => {
    const { app } = testApp();
    const { url, picture } = await uploaded(app, Buffer.from('<html><script>alert(1)</script>'));
    assert.equal(picture, false);
    const response = await app.request(url, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.match(response.headers.get('content-disposition')!, /^attachment;/);
    assert.equal(response.headers.get('content-encoding'), null);
    assert.match(response.headers.get('content-security-policy')!, /^sandbox;/);
  });

  it('[A1] is kept by a browser for one token alone', async () => {
    const { app } = testApp();
    const { url, hash } = await uploaded(app);
    const { headers } = await app.request(url);
    assert.equal(headers.get('cache-control'), 'private, max-age=31536000, immutable, no-transform');
    assert.match(headers.get('vary')!, /Authorization/);
    assert.equal(headers.get('etag'), `"${hash}"`);
    for (const tag of [`"${hash}"`, `W/"${hash}"`, `"other", "${hash}"`, '*']) {
      const again = await app.request(url, { headers: { 'If-None-Match': tag } });
      assert.equal(again.status, 304, tag);
      assert.match(again.headers.get('vary')!, /Authorization/);
      assert.equal(await again.text(), '');
    }
    assert.equal((await app.request(url, { headers: { 'If-None-Match': '"other"' } })).status, 200);
  });

  it('is read in ranges', async () => {
    const { app } = testApp();
    const { url, hash } = await uploaded(app);
    const part = await app.request(url, { headers: { Range: 'bytes=1000-2499' } });
    assert.equal(part.status, 206);
    assert.equal(part.headers.get('content-range'), `bytes 1000-2499/${PNG.length}`);
    assert.equal(part.headers.get('content-length'), '1500');
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(PNG.subarray(1000, 2500)));
    const beyond = await app.request(url, { headers: { Range: 'bytes=99999-' } });
    assert.equal(beyond.headers.get('content-range'), `bytes */${PNG.length}`);
    await refusedAs(beyond, 416, 'range-not-satisfiable');
    assert.equal((await app.request(url, { headers: { Range: 'bytes=0-1', 'If-Range': '"other"' } })).status, 200);
    assert.equal((await app.request(url, { headers: { Range: 'bytes=0-1', 'If-Range': `"${hash}"` } })).status, 206);
    const head = await app.request(url, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, String(PNG.length), '']);
  });

  it('[A1] is of its document alone, and an address that names none is not found', async () => {
    const { app } = testApp();
    const { hash } = await uploaded(app);
    for (const path of [
      `/api/documents/other/assets/${hash}`,
      `${PATH}/${'0'.repeat(64)}`,
      `${PATH}/${hash.toUpperCase()}`,
      `${PATH}/${hash.slice(1)}`,
      `${PATH}/..%2f${hash}`,
      `${PATH}/%00`,
    ]) {
      await refusedAs(await app.request(path), 404, 'not-found');
    }
  });

  it('[A1] stops in the middle for somebody whose token is revoked', async () => {
    const access = memoryAccess();
    const { app } = testApp({ access });
    const headers = { Authorization: `Bearer ${access.tokenFor('ann', { 'team/plan': 'edit' })}` };
    const response = await app.request(PATH, { method: 'POST', body: form(PNG), headers });
    const { url } = await response.json();
    const reader = (await app.request(url, { headers })).body!.getReader();
    assert.equal((await reader.read()).done, false);
    await access.revoke({ sub: 'ann' });
    await assert.rejects(reader.read(), { code: 'token-revoked' });
  });
});
