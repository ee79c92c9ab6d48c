import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import { openAssetStore } from '../../persistence/assets/postgres-asset-store.ts';
import { connect } from '../../persistence/connection.ts';
import { migrate } from '../../persistence/migrate.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { createAssets } from './assets.ts';
import { SAMPLES } from './testing/samples.ts';

const LIMITS = { maxAssetBytes: 1_000_000, maxDocumentAssetBytes: 1_500_000 };

describe('assets in a store', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function scene(t: TestContext) {
    const url = await database.createDatabase();
    await migrate(url);
    const store = openAssetStore(url);
    const sql = connect(url, 1);
    t.after(() => Promise.all([store.close(), sql.end()]));
    const assets = createAssets(store, LIMITS);
    async function* piecesOf(bytes: Uint8Array, pieceBytes: number) {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    }
    return {
      keptBytes: async () => Number((await sql`select coalesce(sum(octet_length(data)), 0) as bytes from inkwire.asset_chunks`)[0]?.bytes),
      store: (bytes: Uint8Array, fileName = 'a.png', pieceBytes = 7_000) =>
        assets.store({
          documentName: 'plan',
          open: async () => ({ fileName, bytes: piecesOf(bytes, pieceBytes) }),
          author: 'ann',
          user: 'ann',
          stillAllowed: () => {},
        }),
      assets,
    };
  }

  it('[X6] are what their bytes are, whatever their name, and however they are cut', async (t) => {
    const { store } = await scene(t);
    const page = Buffer.concat([SAMPLES.html, Buffer.alloc(9_000, ' ')]);
    for (const pieceBytes of [1, 4_100, 1_000_000]) {
      assert.equal((await store(SAMPLES.png, 'a.html', pieceBytes)).mediaType, 'image/png');
      assert.equal((await store(page, 'page.png', Math.max(pieceBytes, 50))).mediaType, 'text/plain');
    }
    assert.equal((await store(SAMPLES.gif, '../../../a.gif')).fileName, 'a.gif');
  });

  it('[X6] leave nothing of what is refused', async (t) => {
    const { store, keptBytes } = await scene(t);
    const long = Buffer.concat([SAMPLES.svg, Buffer.alloc(600_000, ' ')]);
    await assert.rejects(store(SAMPLES.svg, 'a.svg'), { code: 'unsupported-media-type' });
    await assert.rejects(store(long, 'a.png'), { code: 'unsupported-media-type' });
    await assert.rejects(store(new Uint8Array(), 'a.png'), { code: 'bad-request' });
    await assert.rejects(store(randomBytes(1_000_001)), { code: 'body-too-large' });
    await store(randomBytes(1_000_000));
    await assert.rejects(store(randomBytes(600_000)), { code: 'document-too-large' });
    assert.equal(await keptBytes(), 1_000_000);
  });

  it('[L3] of a file without an end are read no further than they may be large', async (t) => {
    const { assets, keptBytes } = await scene(t);
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken += 64 * 1024;
        yield randomBytes(64 * 1024);
      }
    }
    const open = async () => ({ fileName: 'a', bytes: endless() });
    await assert.rejects(assets.store({ documentName: 'plan', open, author: null, user: 'eve', stillAllowed: () => {} }), {
      code: 'body-too-large',
    });
    assert.ok(taken <= LIMITS.maxAssetBytes + 128 * 1024, `${taken} bytes were read`);
    assert.equal(await keptBytes(), 0);
  });

  it('[A2] are not kept for somebody who may not any more, nor when the file cannot be read', async (t) => {
    const { assets, keptBytes } = await scene(t);
    const refused = new Error('refused');
    const stillAllowed = () => {
      throw refused;
    };
    async function* bytes() {
      yield randomBytes(700_000);
    }
    const asset = { documentName: 'plan', author: null, user: 'eve' };
    await assert.rejects(assets.store({ ...asset, open: async () => ({ fileName: 'a', bytes: bytes() }), stillAllowed }), refused);
    await assert.rejects(assets.store({ ...asset, open: () => Promise.reject(refused), stillAllowed: () => {} }), refused);
    assert.equal(await keptBytes(), 0);
  });
});
