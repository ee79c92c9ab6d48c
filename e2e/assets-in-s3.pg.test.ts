import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { AssetStore, AssetUpload } from '../persistence/assets/asset-store.ts';
import { openAssetStore } from '../persistence/assets/postgres-asset-store.ts';
import { openS3 } from '../persistence/assets/s3-objects.ts';
import { connect } from '../persistence/connection.ts';
import { openPostgresStore } from '../persistence/postgres-store.ts';
import { assetStoreContract } from '../persistence/testing/asset-contract.ts';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { png } from '../server/assets/testing/samples.ts';
import { uploadAsset } from './asset-client.ts';
import { S3Server } from './s3-server.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

let s3: S3Server;
before(async () => {
  s3 = await S3Server.start();
});
after(() => s3.dispose());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/** A store that has moved everything out before it says that an upload is stored. */
function movingAtOnce(store: AssetStore): AssetStore {
  let moving: Promise<unknown> = Promise.resolve();
  const begin = (): AssetUpload => {
    const upload = store.begin();
    return {
      write: (bytes) => upload.write(bytes),
      abandon: () => upload.abandon(),
      async finish(asset) {
        const result = await upload.finish(asset);
        moving = moving.then(() => store.moveOut());
        await moving;
        return result;
      },
    };
  };
  return {
    begin,
    find: (name, hash) => store.find(name, hash),
    read: (hash, from, to) => store.read(hash, from, to),
    collect: (options) => store.collect(options),
    moveOut: (signal) => store.moveOut(signal),
    close: () => store.close(),
  };
}

describe('assets in S3-compatible storage', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  assetStoreContract(
    'an asset store that moves them out at once',
    async (t) => {
      const url = await database.createDatabase();
      const prefix = randomUUID();
      const documents = await openPostgresStore(url);
      const sql = connect(url, 1);
      const open = () => openAssetStore(url, { objects: openS3(s3.options(prefix)) });
      const remover = open();
      t.after(() => Promise.all([documents.close(), sql.end(), remover.close()]));
      return {
        documents,
        open: async () => movingAtOnce(open()),
        async keptBytes() {
          // What is to be removed from the storage is removed by the next collection, whatever that collects.
          await remover.collect({ olderThan: new Date(0) });
          const [row] = await sql<{ bytes: string }[]>`select coalesce(sum(octet_length(data)), 0) as bytes from inkwire.asset_chunks`;
          const objects = await s3.objects(prefix);
          return objects.reduce((sum, { bytes }) => sum + bytes, Number(row?.bytes));
        },
      };
    },
    25,
  );
});

describe('an object store', () => {
  it('keeps an object, whole and in ranges, and knows none by another key', async () => {
    const objects = openS3(s3.options(randomUUID()));
    const bytes = randomBytes(1_000_000);
    await objects.put('key', once(bytes), bytes.length, sha256(bytes));
    const read = async (key: string, from: number, to: number) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of objects.get(key, from, to)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    assert.ok((await read('key', 0, bytes.length)).equals(bytes));
    assert.ok((await read('key', 10, 999)).equals(bytes.subarray(10, 999)));
    assert.equal((await read('key', 5, 5)).length, 0);
    assert.equal((await read('other', 0, 10)).length, 0);
    await objects.remove('key');
    await objects.remove('key');
    assert.equal((await read('key', 0, 10)).length, 0);
  });

  it('that refuses the key, or is not there, says why to the operator alone', async () => {
    const options = s3.options('x');
    for (const [what, given, reason] of [
      ['another secret', { ...options, secretAccessKey: 'guessed' }, /it answers 403 SignatureDoesNotMatch/],
      ['another bucket', { ...options, url: options.url.replace('/pictures/', '/no-such-bucket/') }, /it answers 404 NoSuchBucket/],
      ['another region', { ...options, region: 'us-east-1' }, /it answers 403 SignatureDoesNotMatch/],
      ['nothing that listens', { ...options, url: 'http://127.0.0.1:9/bucket' }, /it does not answer: (?:bad port|connect ECONNREFUSED)/],
    ] as const) {
      const objects = openS3(given);
      await assert.rejects(objects.put('key', once(Buffer.from('x')), 1, sha256(Buffer.from('x'))), (error: Error & { code: string }) => {
        assert.equal(error.code, 'storage-unavailable', what);
        assert.match(String((error.cause as Error).message), reason);
        assert.doesNotMatch(`${error.message} ${(error.cause as Error).message}`, /S3RVER|guessed/);
        return true;
      });
    }
  });

  it('takes nothing that arrives as another than it is', async () => {
    const objects = openS3(s3.options(randomUUID()));
    await assert.rejects(objects.put('key', once(Buffer.from('x')), 1, sha256(Buffer.from('y'))), { code: 'storage-unavailable' });
  });
});

describe('a server whose S3 comes and goes', () => {
  it('serves pictures from where they are, takes them while it is away, and moves them when it is back', async (t) => {
    const prefix = randomUUID();
    const server = await ServerProcess.start(s3.environment(prefix));
    t.after(() => server.dispose());
    const upload = async (seed: string) => {
      const response = await uploadAsset(server.url, 'plan', png(5, 5, [1, 2, 3], seed));
      assert.equal(response.status, 201);
      return server.url + ((await response.json()) as { url: string }).url;
    };
    const first = await upload('first');
    await until('it is moved out', async () => (await s3.objects(prefix)).length === 1);
    assert.equal((await fetch(first)).status, 200);

    await s3.stop();
    t.after(() => s3.start().catch(() => {}));
    // The object is there a moment before the database knows.
    await until('it is served from there', async () => (await fetch(first)).status === 503);
    const away = await fetch(first);
    assert.equal(away.headers.get('retry-after'), '1');
    const { code, detail } = (await away.json()) as { code: string; detail: string };
    assert.equal(code, 'storage-unavailable');
    assert.doesNotMatch(detail, /127\.0\.0\.1/);
    const second = await upload('second');
    assert.equal((await fetch(second)).status, 200, 'what came meanwhile is in the database');
    await until('the log says so', () => /cannot be moved to their storage/.test(server.output));
    assert.doesNotMatch(server.output, /S3RVER|a-secret-of-the-storage/);

    await s3.start();
    // Begun anew it looks at once; by itself it would within a minute.
    await server.restart();
    await until('the other is moved as well', async () => (await s3.objects(prefix)).length === 2);
    for (const url of [first, second]) assert.equal((await fetch(url)).status, 200);
    assert.equal(
      (await fetch(`${server.url}/api/documents?name=plan`, { method: 'POST', headers: { 'Content-Type': 'text/markdown' }, body: 'x' }))
        .status,
      201,
    );
    assert.equal((await fetch(`${server.url}/api/documents/plan`, { method: 'DELETE' })).status, 204);
    assert.equal((await fetch(first)).status, 404);
  });
});
