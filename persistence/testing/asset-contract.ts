import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { AssetStore, FinishedUpload, UploadResult } from '../assets/asset-store.ts';
import type { DocumentStore } from '../document-store.ts';
import { concatenate, entry, handleOf } from './contract/fixture.ts';

/** An empty store of documents, and what opens stores of assets beside it; opened twice it is two nodes. */
export interface AssetScene {
  readonly documents: DocumentStore;
  open(): Promise<AssetStore>;
  /** How many bytes of assets and unfinished uploads are kept anywhere. */
  keptBytes(): Promise<number>;
}

export type FreshAssets = (t: TestContext) => Promise<AssetScene>;

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Everything is older than this moment. */
const LATER = () => new Date(Date.now() + 60_000);

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Uploads bytes in pieces of `pieceBytes`. */
async function upload(
  store: AssetStore,
  documentName: string,
  bytes: Uint8Array,
  { pieceBytes = 100_000, ...more }: Partial<FinishedUpload> & { pieceBytes?: number } = {},
): Promise<{ hash: string; result: UploadResult }> {
  const upload = store.begin();
  for (let at = 0; at < bytes.length; at += pieceBytes) await upload.write(bytes.subarray(at, at + pieceBytes));
  const hash = sha256(bytes);
  const asset = {
    documentName,
    hash,
    mediaType: 'image/png',
    size: bytes.length,
    fileName: 'a.png',
    author: null,
    maxDocumentBytes: NO_LIMIT,
  };
  return { hash, result: await upload.finish({ ...asset, ...more }) };
}

async function readAll(store: AssetStore, hash: string, from = 0, to = NO_LIMIT): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(hash, from, to)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** An edit that names an asset, as far as a collection looks at it. */
const naming = (hash: string) => `x /api/documents/plan/assets/${hash} y`;

/** What every `AssetStore` must hold, as tests. `many` is how many assets are many; more than the store looks at at once. */
export function assetStoreContract(label: string, fresh: FreshAssets, many = 250): void {
  async function open(t: TestContext, nodes = 1) {
    const scene = await fresh(t);
    const stores = await Promise.all(Array.from({ length: nodes }, () => scene.open()));
    t.after(() => Promise.all(stores.map((store) => store.close())));
    return { ...scene, stores, store: stores[0]! };
  }

  describe(label, () => {
    describe('keeping', () => {
      it('gives back what it was given, whole and in ranges', async (t) => {
        const { store } = await open(t);
        for (const size of [1, 1_000, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3 * 256 * 1024, 1_000_003]) {
          const bytes = randomBytes(size);
          const { hash, result } = await upload(store, 'plan', bytes, { mediaType: 'image/gif', fileName: 'b.gif' });
          assert.equal(result, 'stored');
          assert.deepEqual(await store.find('plan', hash), {
            ...{ documentName: 'plan', hash, mediaType: 'image/gif', size, fileName: 'b.gif' },
          });
          assert.ok((await readAll(store, hash)).equals(bytes), `${size} bytes`);
          for (const [from, to] of [
            [0, 1],
            [size - 1, size],
            [Math.floor(size / 2), size],
            [Math.floor(size / 3), Math.floor(size / 2)],
          ] as const) {
            assert.ok((await readAll(store, hash, from, to)).equals(bytes.subarray(from, to)), `${from} to ${to} of ${size}`);
          }
        }
      });

      it('keeps nothing of no bytes but that', async (t) => {
        const { store } = await open(t);
        const { hash, result } = await upload(store, 'plan', new Uint8Array());
        assert.equal(result, 'stored');
        assert.equal((await readAll(store, hash)).length, 0);
      });

      it('keeps the same bytes once, whoever brings them and at whatever moment', async (t) => {
        const { stores, store, keptBytes } = await open(t, 2);
        const bytes = randomBytes(700_000);
        const names = Array.from({ length: 12 }, (_, nth) => `document ${nth % 4}`);
        const results = await Promise.all(names.map((name, nth) => upload(stores[nth % 2]!, name, bytes)));
        assert.deepEqual(new Set(results.map(({ result }) => result)), new Set(['stored']));
        assert.equal(await keptBytes(), bytes.length);
        for (const name of names) assert.equal((await store.find(name, sha256(bytes)))?.size, bytes.length);
      });

      it('[A1] knows an asset by its document alone', async (t) => {
        const { store } = await open(t);
        const { hash } = await upload(store, 'plan', randomBytes(10));
        assert.equal(await store.find('other', hash), null);
        assert.equal(await store.find('plan', sha256(randomBytes(10))), null);
        assert.equal((await readAll(store, sha256(randomBytes(10)))).length, 0);
      });

      it('[L3] takes no more for a document than it may have, and counts what it has once', async (t) => {
        const { store, keptBytes } = await open(t);
        const bytes = randomBytes(1_000);
        assert.equal((await upload(store, 'plan', bytes, { maxDocumentBytes: 1_500 })).result, 'stored');
        assert.equal((await upload(store, 'plan', bytes, { maxDocumentBytes: 1_500 })).result, 'stored');
        assert.equal((await upload(store, 'plan', randomBytes(501), { maxDocumentBytes: 1_500 })).result, 'full');
        assert.equal((await upload(store, 'other', randomBytes(501), { maxDocumentBytes: 1_500 })).result, 'stored');
        assert.equal(await keptBytes(), 1_501);
      });

      it('forgets what is abandoned, be it at the beginning, in the middle or after the end', async (t) => {
        const { store, keptBytes } = await open(t);
        const untouched = store.begin();
        await untouched.abandon();
        const begun = store.begin();
        await begun.write(randomBytes(900_000));
        assert.ok((await keptBytes()) > 0);
        await begun.abandon();
        await begun.abandon();
        assert.equal(await keptBytes(), 0);
      });

      it('takes any name of a file that a person could give it, and any author', async (t) => {
        const { store } = await open(t);
        const fileName = `a\0b"\\ü\ud800.png`;
        const { hash, result } = await upload(store, 'plan', randomBytes(10), { fileName, author: 'ann\0' });
        assert.equal(result, 'stored');
        assert.equal((await store.find('plan', hash))?.fileName, 'a\ufffdb"\\ü\ufffd.png');
      });
    });

    describe('deletion', () => {
      it('[D15] a deleted document has no assets, and its name has none in its next life', async (t) => {
        const { documents, store, keptBytes } = await open(t);
        await documents.create('plan');
        const { hash } = await upload(store, 'plan', randomBytes(1_000));
        const shared = randomBytes(2_000);
        await upload(store, 'plan', shared);
        await upload(store, 'other', shared);
        await documents.delete('plan');
        assert.equal(await store.find('plan', hash), null);
        assert.equal(await keptBytes(), 2_000, 'what another document has stays');
        assert.equal((await upload(store, 'plan', randomBytes(10))).result, 'deleted');
        await documents.create('plan');
        assert.equal(await store.find('plan', sha256(shared)), null);
        assert.equal((await readAll(store, sha256(shared))).length, 2_000);
        assert.equal((await upload(store, 'plan', shared)).result, 'stored');
      });

      it('[D15] uploads among deletions leave nothing behind', async (t) => {
        const { documents, stores, store, keptBytes } = await open(t, 2);
        const bytes = randomBytes(300_000);
        const seen = new Set<UploadResult>();
        for (let life = 0; life < 6; life++) {
          await documents.create('plan');
          const uploads = stores.flatMap((node) => [upload(node, 'plan', bytes), upload(node, 'plan', randomBytes(10))]);
          await Promise.race(uploads);
          await documents.delete('plan');
          for (const { result } of await Promise.all(uploads)) seen.add(result);
          assert.equal(await keptBytes(), 0);
        }
        assert.ok(seen.has('stored') || seen.has('deleted'));
        assert.equal(await store.find('plan', sha256(bytes)), null);
      });
    });

    describe('collection', () => {
      /** Uploads one asset for each way in which a document may need it, and one that nothing needs. */
      async function needs({ documents, store }: Pick<Awaited<ReturnType<typeof open>>, 'documents' | 'store'>) {
        const [inHistory, inSnapshot, inLog, nowhere] = await Promise.all(
          Array.from({ length: 4 }, async () => (await upload(store, 'plan', randomBytes(1_000))).hash),
        );
        const handle = await handleOf(documents, 'plan');
        await documents.append([entry(handle, naming(inHistory!))]);
        // The picture is taken out of the text again: only history has it.
        await documents.compact(handle, () => Buffer.from('without'));
        await documents.append([entry(handle, naming(inSnapshot!))]);
        await documents.compact(handle, concatenate);
        await documents.append([entry(handle, naming(inLog!))]);
        return { handle, needed: [inHistory!, inSnapshot!, inLog!], nowhere: nowhere! };
      }

      it('[D15] keeps what the log, the snapshot or history names, and removes what nothing does', async (t) => {
        const scene = await open(t);
        const { needed, nowhere } = await needs(scene);
        const { store, keptBytes } = scene;
        const dry = await store.collect({ olderThan: LATER(), dryRun: true });
        assert.deepEqual(
          dry.assets.map(({ hash }) => hash),
          [nowhere],
        );
        assert.equal(await keptBytes(), 4_000, 'a dry run removes nothing');
        const { assets } = await store.collect({ olderThan: LATER() });
        assert.deepEqual(
          assets.map(({ hash, documentName, fileName, size }) => [hash, documentName, fileName, size]),
          [[nowhere, 'plan', 'a.png', 1_000]],
        );
        assert.equal(await store.find('plan', nowhere), null);
        for (const hash of needed) assert.equal((await readAll(store, hash)).length, 1_000);
        assert.deepEqual((await store.collect({ olderThan: LATER() })).assets, []);
        assert.equal(await keptBytes(), 3_000);
      });

      it('[D15] keeps what is young: its edit may wait on a device', async (t) => {
        const { store, documents, keptBytes } = await open(t);
        const { hash } = await upload(store, 'plan', randomBytes(1_000));
        await new Promise((done) => setTimeout(done, 5));
        const between = new Date();
        assert.deepEqual((await store.collect({ olderThan: new Date(between.getTime() - 60_000) })).assets, []);
        // It came a second time: the day begins anew.
        await upload(store, 'plan', randomBytes(1_000));
        await documents.append([entry(await handleOf(documents, 'plan'), naming(hash))]);
        assert.equal(await keptBytes(), 2_000);
      });

      it('[D15] removes from one document what another still has, and keeps its bytes', async (t) => {
        const { store, documents, keptBytes } = await open(t);
        const bytes = randomBytes(1_000);
        const { hash } = await upload(store, 'plan', bytes);
        await upload(store, 'other', bytes);
        await documents.append([entry(await handleOf(documents, 'other'), naming(hash))]);
        assert.deepEqual(
          (await store.collect({ olderThan: LATER() })).assets.map(({ documentName }) => documentName),
          ['plan'],
        );
        assert.equal(await store.find('plan', hash), null);
        assert.equal((await store.find('other', hash))?.size, 1_000);
        assert.equal(await keptBytes(), 1_000);
      });

      it('[D15] removes uploads that were never finished', async (t) => {
        const { store, stores, keptBytes } = await open(t, 2);
        const begun = stores[1]!.begin();
        await begun.write(randomBytes(900_000));
        assert.equal((await store.collect({ olderThan: new Date(Date.now() - 60_000) })).uploads, 0);
        assert.equal((await store.collect({ olderThan: LATER(), dryRun: true })).uploads, 1);
        assert.ok((await keptBytes()) > 0);
        assert.equal((await store.collect({ olderThan: LATER() })).uploads, 1);
        assert.equal(await keptBytes(), 0);
        const end = {
          documentName: 'plan',
          hash: sha256(randomBytes(1)),
          mediaType: 'image/png',
          size: 900_000,
          fileName: 'a.png',
          author: null,
        };
        assert.equal(await begun.finish({ ...end, maxDocumentBytes: NO_LIMIT }).catch(() => 'lost'), 'lost');
      });

      it('[D15] finds an address wherever it lies in a long snapshot', async (t) => {
        const { store, documents } = await open(t);
        const handle = await handleOf(documents, 'plan');
        const hashes: string[] = [];
        let text = '';
        for (const at of [1024 * 1024 - 40, 2 * 1024 * 1024 - 8, 3 * 1024 * 1024 - 90]) {
          const { hash } = await upload(store, 'plan', randomBytes(10));
          hashes.push(hash);
          text = text.padEnd(at, 'x') + naming(hash);
        }
        await documents.append([entry(handle, text)]);
        await documents.compact(handle, concatenate);
        assert.deepEqual((await store.collect({ olderThan: LATER(), dryRun: true })).assets, []);
      });

      it('[D15] keeps what an edit names that is committed while it looks, and what is uploaded again', async (t) => {
        const { store, stores, documents } = await open(t, 2);
        const handle = await handleOf(documents, 'plan');
        await documents.append([entry(handle, 'begin')]);
        for (let round = 0; round < 10; round++) {
          const bytes = randomBytes(1_000);
          const { hash } = await upload(store, 'plan', bytes);
          const moment = LATER();
          const collected = stores[1]!.collect({ olderThan: moment });
          await documents.append([entry(handle, naming(hash))]);
          const { assets } = await collected;
          if (assets.length === 0) assert.equal((await readAll(store, hash)).length, 1_000);
          else {
            assert.equal(await store.find('plan', hash), null, 'it was removed before the edit, whole');
            assert.equal((await upload(store, 'plan', bytes)).result, 'stored');
          }
        }
      });

      it('[D15] collects many documents', async (t) => {
        const { store, documents, keptBytes } = await open(t);
        const handle = await handleOf(documents, 'document 7');
        await Promise.all(Array.from({ length: many }, (_, nth) => upload(store, `document ${nth % 9}`, Buffer.from(String(nth)))));
        const { hash } = await upload(store, 'document 7', Buffer.from('needed'));
        await documents.append([entry(handle, naming(hash))]);
        const { assets } = await store.collect({ olderThan: LATER() });
        assert.equal(assets.length, many);
        assert.equal(await keptBytes(), 'needed'.length);
      });
    });

    it('says when its database cannot be reached, whatever is asked', async (t) => {
      const { store } = await open(t);
      await store.close();
      await store.close();
      const upload = store.begin();
      for (const work of [
        () => store.find('plan', 'a1'.repeat(32)),
        () => readAll(store, 'a1'.repeat(32)),
        () => store.collect({ olderThan: LATER() }),
        () => upload.write(randomBytes(300_000)),
      ]) {
        await assert.rejects(work(), { code: 'database-unavailable' });
      }
      await upload.abandon();
    });
  });
}
