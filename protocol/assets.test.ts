import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assetPath, isAssetHash, isPictureType, readAssetAddress } from './assets.ts';

const HASH = 'a1'.repeat(32);

describe('the address of a picture or file', () => {
  it('is read as it is written, whatever the document is called', () => {
    for (const documentName of ['plan', 'team/plan', 'a b?c#d', '..%2f', 'ünï/код', '100%']) {
      assert.deepEqual(readAssetAddress(assetPath({ documentName, hash: HASH })), { server: '', documentName, hash: HASH });
    }
  });

  it('may stand behind the address of a server, and before a query', () => {
    const path = assetPath({ documentName: 'team/plan', hash: HASH });
    assert.equal(readAssetAddress(`https://docs.example/sub${path}?download=1`)?.server, 'https://docs.example/sub');
    assert.equal(readAssetAddress(`${path}#x`)?.hash, HASH);
  });

  it('is not found in another address', () => {
    for (const address of [
      '',
      'https://example.com/picture.png',
      `/api/documents/a/b/assets/${HASH}`,
      `/api/documents/plan/assets/${HASH}0`,
      `/api/documents/plan/assets/${HASH.toUpperCase()}`,
      `/api/documents/plan/assets/${HASH}/x`,
      `/api/documents/%E0%A4%A/assets/${HASH}`,
    ]) {
      assert.equal(readAssetAddress(address), null, address);
    }
  });

  it('holds a hash of 64 digits', () => {
    assert.equal(isAssetHash(HASH), true);
    for (const text of ['', HASH.slice(1), `${HASH}a`, HASH.toUpperCase(), `${HASH}\n`]) assert.equal(isAssetHash(text), false, text);
  });

  it('is of a picture when browsers show its type', () => {
    assert.equal(isPictureType('image/png'), true);
    for (const type of ['image/svg+xml', 'text/html', 'application/pdf', 'image/tiff', '']) assert.equal(isPictureType(type), false, type);
  });
});
