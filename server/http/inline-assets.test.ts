import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { dataPlaceholder } from '../../document/asset-addresses.ts';
import { assetPath } from '../../protocol/assets.ts';
import { inlineAssets, MAX_INLINE_BYTES } from './inline-assets.ts';
import { memoryAssets } from './testing/memory-assets.ts';

const PLACEHOLDER = 'f00d'.repeat(8);

describe('pictures in a page', () => {
  async function scene(...files: Uint8Array[]) {
    const assets = memoryAssets();
    const stored = await Promise.all(
      files.map((bytes) => {
        const pieces = (async function* () {
          yield bytes;
        })();
        return assets.store({
          ...{ documentName: 'plan', author: null, user: '', stillAllowed: () => {} },
          open: async () => ({ fileName: 'a', bytes: pieces }),
        });
      }),
    );
    const read = async (text: string) => {
      const page = await inlineAssets(Buffer.from(text), {
        assets,
        documentName: 'plan',
        placeholder: PLACEHOLDER,
        server: 'https://docs.example',
      });
      const pieces: Uint8Array[] = [];
      for await (const piece of page.read()) pieces.push(piece);
      return { ...page, text: Buffer.concat(pieces).toString() };
    };
    return { assets, stored, read };
  }
  const pngOf = (size: number) => Buffer.concat([Buffer.from([0x89]), randomBytes(size - 1)]);

  it('stand where places were left for them, of whatever size, and the length is known before', async () => {
    const files = [1, 2, 3, 999, 1000, 1001, 5000].map(pngOf);
    const { stored, read } = await scene(...files);
    const page = await read(stored.map(({ hash }) => `<img src="${dataPlaceholder(PLACEHOLDER, hash)}">é`).join('\n'));
    assert.equal(page.text, files.map((bytes) => `<img src="data:image/png;base64,${bytes.toString('base64')}">é`).join('\n'));
    assert.equal(page.length, Buffer.byteLength(page.text));
    assert.deepEqual([page.left, page.changed], [0, true]);
  });

  it('stay links when they are gone or no pictures, and that is counted', async () => {
    const { stored, read } = await scene(Buffer.from('words'));
    const hashes = [stored[0]!.hash, '0'.repeat(64)];
    const page = await read(hashes.map((hash) => dataPlaceholder(PLACEHOLDER, hash)).join(' '));
    assert.equal(page.text, hashes.map((hash) => `https://docs.example${assetPath({ documentName: 'plan', hash })}`).join(' '));
    assert.equal(page.left, 2);
  });

  it('[L3] stay links beyond what a page may hold', async () => {
    const { assets, stored, read } = await scene(pngOf(100));
    const { hash } = stored[0]!;
    const find = assets.find;
    assets.find = async (name, of) => ({ ...(await find(name, of))!, size: MAX_INLINE_BYTES / 2 });
    assert.equal((await read(dataPlaceholder(PLACEHOLDER, hash).repeat(4))).left, 2);
  });

  it('do not change what names none', async () => {
    const { read } = await scene();
    const text = `data:image/png;base64,${'beef'.repeat(24)}`;
    const page = await read(text);
    assert.deepEqual([page.text, page.changed, page.left], [text, false, 0]);
  });

  it('give a page the same tag whatever the placeholder, and another for another picture', async () => {
    const { stored, assets } = await scene(pngOf(10), pngOf(20));
    const tag = async (placeholder: string, hash: string) => {
      const body = Buffer.from(`a ${dataPlaceholder(placeholder, hash)} b`);
      return (await inlineAssets(body, { assets, documentName: 'plan', placeholder, server: '' })).etag;
    };
    assert.equal(await tag('one', stored[0]!.hash), await tag('two', stored[0]!.hash));
    assert.notEqual(await tag('one', stored[0]!.hash), await tag('one', stored[1]!.hash));
  });
});
