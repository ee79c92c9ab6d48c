import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect as connectDatabase } from '../persistence/connection.ts';
import { addressOfRunning } from '../persistence/embedded/running.ts';
import { newSecret, signed } from '../server/access/testing.ts';
import { png, SAMPLES } from '../server/assets/testing/samples.ts';
import { runCli } from '../server/cli.ts';
import { memoryIo } from '../server/commands/testing.ts';
import { uploadAsset, uploadMany } from './asset-client.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

const MEGABYTE = 1024 * 1024;

/** Memory of a process that is in use at this moment, bytes. */
function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

describe('pictures and files on a real server', () => {
  const secret = newSecret();
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.dispose());

  const token = (sub: string, access: Record<string, string>) =>
    signed({ sub, name: sub, access, iat: Date.now() / 1000, exp: Date.now() / 1000 + 600 }, secret);

  async function keptBytes(): Promise<number> {
    const sql = connectDatabase(await addressOfRunning(server.dataDir), 1);
    try {
      const [row] = await sql<{ bytes: string }[]>`select coalesce(sum(octet_length(data)), 0) as bytes from inkwire.asset_chunks`;
      return Number(row?.bytes);
    } finally {
      await sql.end();
    }
  }

  async function collect(...argv: string[]): Promise<{ lines: string[]; told: string }> {
    const io = memoryIo();
    const code = await runCli(['collect-assets', '--data-dir', server.dataDir, ...argv], {}, io);
    assert.equal(code, 0, io.told());
    return { lines: io.output().split('\n').filter(Boolean), told: io.told() };
  }

  it('takes 100 uploads at once, of ten documents, and has each as it came', async () => {
    await uploadMany(server.url, 100, (nth) => Buffer.concat([SAMPLES.png, randomBytes(1_000 + nth * 600)]));
  });

  it('[L3] refuses a file of 100 MB while it comes, and takes no memory for it', async () => {
    // What any upload takes, whatever its size: buffers that wait to be collected. Measured with 10 to 300 MB: 100 MB, no more.
    assert.equal((await uploadAsset(server.url, 'large', randomBytes(20 * MEGABYTE))).status, 201);
    const before = residentBytes(server.pid);
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, residentBytes(server.pid))), 5);
    const kept = await keptBytes();
    let sent = 0;
    try {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) =>
          controller.enqueue(Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n')),
        pull(controller) {
          if (sent >= 100 * MEGABYTE) return controller.close();
          controller.enqueue(new Uint8Array(64 * 1024));
          sent += 64 * 1024;
        },
      });
      const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
      const init = { method: 'POST', body, duplex: 'half', headers } as RequestInit;
      const response = await fetch(`${server.url}/api/documents/large/assets`, init).catch(() => null);
      // A connection that ends while it is written to may hide the answer.
      if (response !== null) assert.equal(response.status, 413);
    } finally {
      clearInterval(timer);
    }
    assert.ok(sent < 100 * MEGABYTE, 'it was read to its end');
    assert.ok(most - before < 50 * MEGABYTE, `it took ${Math.round((most - before) / MEGABYTE)} MB`);
    await until('nothing of it is kept', async () => (await keptBytes()) === kept);
  });

  it('[D15] has nothing left, after a collection, of an upload in whose middle it was killed', async () => {
    const kept = await keptBytes();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST /api/documents/killed/assets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n');
    socket.write(`Content-Length: ${9 * MEGABYTE}\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n`);
    socket.write(Buffer.concat([SAMPLES.png, randomBytes(3 * MEGABYTE)]));
    await until('some of it is stored', async () => (await keptBytes()) >= kept + MEGABYTE);
    await server.kill9();
    socket.destroy();
    await server.start();
    assert.ok((await keptBytes()) > kept);
    await collect();
    assert.ok((await keptBytes()) > kept, 'what is young may be on its way');
    assert.match((await collect('--dry-run', '--asset-grace-hours', '0')).told, /^Nothing was removed\..* and 1 unfinished upload\.\n$/);
    assert.match((await collect('--asset-grace-hours', '0')).told, / and 1 unfinished upload\.\n$/);
    assert.equal(await keptBytes(), 0, 'nothing names the pictures of the other tests either');
  });

  it('[D15] keeps the picture that a document shows or has shown, and removes the one that was never put into it', async () => {
    const create = async (name: string, markdown: string) => {
      const headers = { 'Content-Type': 'text/markdown' };
      return fetch(`${server.url}/api/documents?name=${name}`, { method: 'POST', headers, body: markdown });
    };
    const [shown, once, never] = await Promise.all(
      ['shown', 'once', 'never'].map(
        async (seed) => (await (await uploadAsset(server.url, 'kept', png(1, 1, [0, 0, 0], seed))).json()) as { url: string; hash: string },
      ),
    );
    assert.equal((await create('kept', `![shown](${shown!.url})\n\n![once](${once!.url})`)).status, 201);
    const put = await fetch(`${server.url}/api/documents/kept/content`, {
      ...{ method: 'PUT', headers: { 'Content-Type': 'text/markdown' } },
      body: `![shown](${shown!.url})`,
    });
    assert.equal(put.status, 200);
    const { lines } = await collect('--asset-grace-hours', '0');
    assert.deepEqual(
      lines.map((line) => line.split('\t').at(-1)),
      [never!.hash],
    );
    for (const { url } of [shown!, once!]) assert.equal((await fetch(server.url + url)).status, 200);
    assert.equal((await fetch(server.url + never!.url)).status, 404);
    assert.equal((await fetch(`${server.url}/api/documents/kept`, { method: 'DELETE' })).status, 204);
    assert.equal((await fetch(server.url + shown!.url)).status, 404);
    assert.equal(await keptBytes(), 0);
  });

  it('leave in a file that holds pictures, and become those of the document that is made of it', async () => {
    const picture = png(3, 3, [1, 2, 3], 'carried');
    const { url } = (await (await uploadAsset(server.url, 'carried', picture)).json()) as { url: string };
    const headers = { 'Content-Type': 'text/markdown' };
    const created = await fetch(`${server.url}/api/documents?name=carried`, {
      method: 'POST',
      headers,
      body: `# Plan\n\n![peas](${url})\n`,
    });
    assert.equal(created.status, 201);
    for (const format of ['docx', 'odt', 'epub']) {
      const file = await fetch(`${server.url}/api/documents/carried/export?format=${format}`);
      assert.equal(file.headers.get('inkwire-warnings'), null, format);
      const made = await fetch(`${server.url}/api/documents?name=carried-${format}`, {
        ...{ method: 'POST', headers: { 'Content-Type': file.headers.get('content-type')! } },
        body: await file.bytes(),
      });
      assert.equal(made.status, 201, format);
      const markdown = await (await fetch(`${server.url}/api/documents/carried-${format}/export`)).text();
      const address = /!\[peas\]\((\/api\/documents\/carried-\w+\/assets\/[0-9a-f]{64})\)/.exec(markdown)?.[1];
      assert.ok(address, markdown);
      assert.deepEqual(Buffer.from(await (await fetch(server.url + address)).bytes()), picture);
      const put = await fetch(`${server.url}/api/documents/carried-${format}/content`, {
        ...{ method: 'PUT', headers: { 'Content-Type': 'text/html' } },
        body: `<p><img alt="other" src="data:image/png;base64,${SAMPLES.png.toString('base64')}"></p>`,
      });
      assert.equal(put.status, 200);
      assert.match(await (await fetch(`${server.url}/api/documents/carried-${format}/export`)).text(), /!\[other\]\(\/api\/documents\//);
    }
    await Promise.all(
      ['', '-docx', '-odt', '-epub'].map((end) => fetch(`${server.url}/api/documents/carried${end}`, { method: 'DELETE' })),
    );
  });

  it('[X1] leave with an export, in HTML as data unless links are wanted, in Markdown as links', async () => {
    const pictures = [
      png(3, 3, [1, 2, 3]),
      Buffer.concat([SAMPLES.gif, randomBytes(700_000)]),
      Buffer.concat([SAMPLES.jpeg, randomBytes(10)]),
    ];
    const urls = await Promise.all(
      pictures.map(async (bytes) => ((await (await uploadAsset(server.url, 'out', bytes)).json()) as { url: string }).url),
    );
    const file = ((await (await uploadAsset(server.url, 'out', SAMPLES.pdf, { fileName: 'a.pdf' })).json()) as { url: string }).url;
    const gone = urls[0]!.replace(/.{8}$/, '00000000');
    const markdown = `${[...urls, urls[0], gone].map((url) => `![](${url})\n\n`).join('')}[a.pdf](${file}) and \`${urls[0]}\`\n`;
    const headers = { 'Content-Type': 'text/markdown' };
    assert.equal((await fetch(`${server.url}/api/documents?name=out`, { method: 'POST', headers, body: markdown })).status, 201);
    const exported = async (query: string) => {
      const response = await fetch(`${server.url}/api/documents/out/export?${query}`, { headers: { 'Accept-Encoding': 'identity' } });
      const text = await response.text();
      if (response.ok) assert.equal(Number(response.headers.get('content-length')), Buffer.byteLength(text));
      return { status: response.status, text, etag: response.headers.get('etag')!, warnings: response.headers.get('inkwire-warnings') };
    };
    const sources = (html: string) => [...html.matchAll(/<img src="([^"]*)"/g)].map(([, src]) => src!);
    const html = await exported('format=html');
    const data = pictures.map((bytes, nth) => `data:image/${['png', 'gif', 'jpeg'][nth]};base64,${bytes.toString('base64')}`);
    assert.ok(
      sources(html.text).every((src, nth) => src === [...data, data[0], server.url + gone][nth]),
      'each picture is there as it is',
    );
    assert.match(html.text, new RegExp(`<a href="${server.url}${file}">a\\.pdf</a> and <code>${urls[0]}</code>`));
    assert.equal(html.warnings, '1', 'one is gone');
    assert.equal((await exported('format=html')).etag, html.etag);
    const again = await fetch(`${server.url}/api/documents/out/export?format=html`, { headers: { 'If-None-Match': html.etag } });
    assert.equal(again.status, 304);
    const linked = await exported('format=html&assets=link');
    assert.deepEqual(
      sources(linked.text),
      [...urls, urls[0], gone].map((url) => server.url + url),
    );
    assert.equal((await exported('format=markdown')).text, markdown);
    assert.ok((await exported('format=markdown&assets=link')).text.startsWith(`![](${server.url}${urls[0]})`));
    assert.equal((await exported('format=markdown&assets=inline')).status, 400);
  });

  it('[X6] serves what lies about itself as what it is', async () => {
    for (const [bytes, status, type, disposition] of [
      [SAMPLES.html, 201, 'text/plain; charset=utf-8', 'attachment'],
      [Buffer.concat([SAMPLES.gif, SAMPLES.html]), 201, 'image/gif', 'inline'],
      [Buffer.concat([SAMPLES.pdf, SAMPLES.html]), 201, 'application/pdf', 'attachment'],
      [SAMPLES.exe, 201, 'application/octet-stream', 'attachment'],
      [SAMPLES.svg, 415, '', ''],
    ] as const) {
      const response = await uploadAsset(server.url, 'lies', bytes, { fileName: '../../a.html', type: 'text/html' });
      assert.equal(response.status, status);
      if (status !== 201) continue;
      const { url, fileName } = (await response.json()) as { url: string; fileName: string };
      assert.equal(fileName, 'a.html');
      const { headers } = await fetch(server.url + url);
      assert.equal(headers.get('content-type'), type);
      assert.match(headers.get('content-disposition')!, new RegExp(`^${disposition}; filename="a.html"`));
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('content-security-policy')!, /^sandbox; default-src 'none'/);
    }
  });

  it('[A1] is a matter of roles: who may edit uploads, who may read sees, a stranger learns nothing', async (t) => {
    const guarded = await ServerProcess.start({ INKWIRE_SECRET: secret });
    t.after(() => guarded.dispose());
    const [editor, viewer, stranger] = await Promise.all([
      token('ed', { plan: 'edit' }),
      token('vi', { plan: 'view' }),
      token('st', { 'plan/*': 'admin', plans: 'admin' }),
    ]);
    const picture = png(3, 3, [9, 9, 9]);
    const upload = (as: string, name = 'plan') => uploadAsset(guarded.url, name, picture, { token: as });
    const stored = await upload(editor);
    assert.equal(stored.status, 201);
    const { url } = (await stored.json()) as { url: string };
    for (const [as, status] of [
      [viewer, 403],
      [stranger, 403],
      ['', 401],
      ['noise', 401],
    ] as const) {
      assert.equal((await upload(as)).status, status);
    }
    const read = (as: string, path = url) => fetch(guarded.url + path, { headers: as === '' ? {} : { Authorization: `Bearer ${as}` } });
    for (const as of [editor, viewer]) assert.ok(Buffer.from(await (await read(as)).arrayBuffer()).equals(picture));
    const unknown = url.replace(/.{8}$/, '00000000');
    for (const as of [stranger, '', 'noise']) {
      const [there, not] = await Promise.all([read(as), read(as, unknown)]);
      assert.equal(there.status, as === stranger ? 403 : 401);
      assert.deepEqual([await there.text(), there.headers.get('etag')], [await not.text(), not.headers.get('etag')]);
    }
    // With the hash in hand, a document of one's own does not open the picture of another.
    const own = url.replace('/plan/', '/plans/');
    assert.equal((await read(stranger, own)).status, 404);
    assert.ok(!guarded.output.includes(editor), 'no token is in the log');
  });
});
