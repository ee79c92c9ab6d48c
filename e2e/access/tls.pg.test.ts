import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { WebSocket } from 'ws';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { FrameType, readFrameHeader } from '../../protocol/frames.ts';
import { createApp } from '../../server/app.ts';
import { ConfigError } from '../../server/config.ts';
import { followCertificate, readCertificate } from '../../server/transport/certificate.ts';
import { signIn } from '../raw-socket.ts';
import { until } from '../wait.ts';

interface Pair {
  readonly cert: string;
  readonly private: string;
  readonly fingerprint: string;
}

/** A certificate for this machine that nobody else has signed. */
function newPair(): Promise<Pair> {
  return generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
}

/** Writes the pair as a tool does that renews certificates: beside the old one, then renamed over it. */
async function install(files: { cert: string; key: string }, pair: Pair): Promise<void> {
  for (const [file, text] of [
    [files.cert, pair.cert],
    [files.key, pair.private],
  ] as const) {
    await writeFile(`${file}.next`, text);
    await rename(`${file}.next`, file);
  }
}

/** The certificate a connection of its own is shown, with its version of TLS. */
async function shown(port: number, options: ConnectionOptions = {}): Promise<{ fingerprint: string; version: string | null }> {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  const answer = { fingerprint: socket.getPeerCertificate().fingerprint.toLowerCase(), version: socket.getProtocol() };
  socket.destroy();
  return answer;
}

/** What makes a client of ours speak a version that is broken, as an old one would. */
const OLD_TLS: ConnectionOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

describe('TLS by file', () => {
  let directory: string;
  let files: { cert: string; key: string };
  let pairs: Pair[];
  before(async () => {
    pairs = await Promise.all([newPair(), newPair()]);
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inkwire-test-tls-'));
    files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
    await install(files, pairs[0]!);
  });
  afterEach(() => rm(directory, { recursive: true }));

  describe('a certificate that changes', () => {
    const INTERVAL_MS = 20;
    let server: Server;
    let port: number;
    let stop: () => void;
    const heard = { reloads: 0, errors: [] as unknown[] };

    beforeEach(async () => {
      heard.reloads = 0;
      heard.errors = [];
      const certificate = await readCertificate(files);
      server = createServer(certificate!.context);
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      port = (server.address() as AddressInfo).port;
      const events = { onReload: () => heard.reloads++, onError: (error: unknown) => heard.errors.push(error) };
      stop = followCertificate(server, files, events, INTERVAL_MS);
    });
    afterEach(async () => {
      stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    });

    const isShown = async (pair: Pair) => (await shown(port)).fingerprint === pair.fingerprint.toLowerCase();

    it('is taken up, also when it is renamed into its place', async () => {
      assert.ok(await isShown(pairs[0]!));
      await install(files, pairs[1]!);
      await until('the other is shown', () => isShown(pairs[1]!));
      await install(files, pairs[0]!);
      await until('the first is shown again', () => isShown(pairs[0]!));
    });

    it('is left as it is while half of another pair, or none, is there', async () => {
      await writeFile(files.cert, pairs[1]!.cert);
      await until('the half is noticed', () => heard.errors.length > 0);
      assert.ok(heard.errors.every((error) => error instanceof ConfigError));
      assert.ok(await isShown(pairs[0]!));
      await rm(files.key);
      const before = heard.errors.length;
      await until('that is noticed', () => heard.errors.length > before);
      assert.ok(await isShown(pairs[0]!));
      assert.equal(heard.reloads, 0);
      await writeFile(files.key, pairs[1]!.private);
      await until('the other is shown', () => isShown(pairs[1]!));
    });
  });

  it('is checked at the start', async () => {
    assert.equal(await readCertificate({ cert: '', key: '' }), null);
    await assert.rejects(readCertificate({ ...files, key: '' }), /go together/);
    await assert.rejects(readCertificate({ ...files, key: join(directory, 'none.pem') }), /ENOENT/);
    await writeFile(files.key, pairs[1]!.private);
    await assert.rejects(readCertificate(files), ConfigError);
    await writeFile(files.key, 'not a key');
    await assert.rejects(readCertificate(files), ConfigError);
  });

  describe('a server', () => {
    let database: TestDatabase;
    before(async () => {
      database = await testDatabase();
    });
    after(() => database.stop());

    it('speaks HTTPS and WebSocket over it, TLS 1.2 at least, and drops no socket when it takes up another', async (t) => {
      const options = { databaseUrl: database.url, port: 0, logLevel: 'silent', tlsCert: files.cert, tlsKey: files.key };
      const app = await createApp(options);
      t.after(() => app.close());
      assert.match(app.url, /^https:/);
      const port = Number(new URL(app.url).port);
      assert.match((await shown(port)).version ?? '', /^TLSv1\.[23]$/);
      await assert.rejects(shown(port, OLD_TLS), /protocol version/);

      const socket = new WebSocket(`${app.url.replace('https', 'wss')}/collab`, { ca: pairs[0]!.cert, origin: app.url });
      const received: number[] = [];
      let closed = false;
      socket.on('message', (frame: Buffer) => received.push(readFrameHeader(frame).type));
      socket.on('close', () => {
        closed = true;
      });
      await once(socket, 'open');

      await install(files, pairs[1]!);
      await until('the other is shown', async () => (await shown(port)).fingerprint === pairs[1]!.fingerprint.toLowerCase());
      socket.send(signIn('plan'));
      await until('the old socket is served', () => received.includes(FrameType.Auth));
      assert.equal(closed, false);
      socket.terminate();
    });
  });
});
