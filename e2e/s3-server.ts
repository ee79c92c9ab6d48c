import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { S3Options } from '../persistence/assets/s3-objects.ts';
import { signatureFault } from './s3-signature.ts';

/** As far as it is used here; the package brings no types. */
interface S3rver {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
  readonly httpServer: Server;
}

const S3rver = createRequire(import.meta.url)('s3rver') as new (options: Record<string, unknown>) => S3rver;

const BUCKET = 'pictures';
const KEY = { region: 'eu-central-1', accessKeyId: 'S3RVER', secretAccessKey: 'a-secret-of-the-storage' };

/**
 * A server of S3's protocol in this process. It leaves signatures unchecked, so what stands before it checks them. Its port stays
 * when it is stopped and started again.
 */
export class S3Server {
  readonly #folder: string;
  readonly #storage: S3rver;
  #storagePort = 0;
  #door: Server | null = null;
  #port = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#storage = new S3rver({
      ...{ address: '127.0.0.1', port: 0, silent: true, directory: folder },
      configureBuckets: [{ name: BUCKET, configs: [] }],
    });
  }

  static async start(): Promise<S3Server> {
    const server = new S3Server(await mkdtemp(join(tmpdir(), 'inkwire-test-s3-')));
    server.#storagePort = (await server.#storage.run()).port;
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    if (this.#door !== null) return;
    const door = createServer((request, response) => void this.#answer(request, response));
    door.listen(this.#port, '127.0.0.1');
    await once(door, 'listening');
    this.#port = (door.address() as AddressInfo).port;
    this.#door = door;
  }

  async stop(): Promise<void> {
    const door = this.#door;
    this.#door = null;
    if (door === null) return;
    door.closeAllConnections();
    door.close();
    await once(door, 'close');
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#storage.httpServer.closeAllConnections();
    await this.#storage.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What opens it, under a prefix: one server is many buckets so. */
  options(prefix: string): S3Options {
    return { url: `http://127.0.0.1:${this.#port}/${BUCKET}/${prefix}`, ...KEY };
  }

  /** The same as the environment of a server. */
  environment(prefix: string): Record<string, string> {
    const { url, region, accessKeyId, secretAccessKey } = this.options(prefix);
    const key = { INKWIRE_S3_ACCESS_KEY_ID: accessKeyId, INKWIRE_S3_SECRET_ACCESS_KEY: secretAccessKey };
    return { INKWIRE_S3_URL: url, INKWIRE_S3_REGION: region, ...key };
  }

  /** Keys and sizes of the objects under a prefix. */
  async objects(prefix: string): Promise<{ key: string; bytes: number }[]> {
    const answer = await fetch(`http://127.0.0.1:${this.#storagePort}/${BUCKET}?list-type=2&prefix=${prefix}&max-keys=1000`);
    const found = (await answer.text()).matchAll(/<Key>([^<]*)<\/Key>[\s\S]*?<Size>(\d+)<\/Size>/g);
    return [...found].map(([, key, size]) => ({ key: key!, bytes: Number(size) }));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await buffer(request);
      const fault = await signatureFault(request, body, KEY);
      if (fault !== null) {
        response.writeHead(fault === 'XAmzContentSHA256Mismatch' ? 400 : 403).end(`<Error><Code>${fault}</Code></Error>`);
        return;
      }
      const { 'content-type': type, range } = request.headers;
      const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...(range === undefined ? {} : { range }) };
      const init = { method: request.method ?? 'GET', headers, ...(request.method === 'PUT' ? { body: new Uint8Array(body) } : {}) };
      const answer = await fetch(`http://127.0.0.1:${this.#storagePort}${request.url}`, init);
      const bytes = await answer.bytes();
      response.writeHead(answer.status, { 'content-length': bytes.length }).end(bytes);
    } catch {
      response.destroy();
    }
  }
}
