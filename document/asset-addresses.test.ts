import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assetPath } from '../protocol/assets.ts';
import { withAssetAddresses } from './asset-addresses.ts';
import type { ContentNode } from './content.ts';

const HASH = 'ab'.repeat(32);
const own = assetPath({ documentName: 'team/plan', hash: HASH });
const other = assetPath({ documentName: 'other', hash: HASH });

const image = (src: string, href?: string): ContentNode => ({ type: 'image', attrs: { src, ...(href === undefined ? {} : { href }) } });
const link = (href: string): ContentNode => ({
  type: 'paragraph',
  content: [{ type: 'text', text: own, marks: [{ type: 'bold' }, { type: 'link', attrs: { href } }] }],
});
const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });

describe('how a file names pictures and files', () => {
  const documentName = 'team/plan';

  it('is as the document does unless it is asked otherwise', () => {
    const content = doc(image(own), link(own));
    assert.equal(withAssetAddresses(content, { documentName, server: '' }), content);
  });

  it('is by addresses of the server', () => {
    const server = 'https://docs.example';
    assert.deepEqual(
      withAssetAddresses(doc(image(own, own), link(own), image(other), image('https://example.com/a.png')), { documentName, server }),
      doc(image(server + own, server + own), link(server + own), image(server + other), image('https://example.com/a.png')),
    );
  });

  it('is by data for pictures of its own, and by addresses for all else', () => {
    const server = 'https://docs.example';
    assert.deepEqual(
      withAssetAddresses(doc(image(own), link(own), image(other)), { documentName, server, placeholder: 'mark' }),
      doc(image(`data:image/png;base64,mark${HASH}`), link(server + own), image(server + other)),
    );
  });

  it('leaves addresses of other servers', () => {
    const elsewhere = `https://elsewhere.example${own}`;
    assert.deepEqual(withAssetAddresses(doc(image(elsewhere)), { documentName, server: 'https://docs.example' }), doc(image(elsewhere)));
  });
});
