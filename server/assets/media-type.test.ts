import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sniffType } from './media-type.ts';
import { SAMPLES } from './testing/samples.ts';

const SCRIPT = '<script>alert(document.domain)</script>';

const typeOf = async (bytes: Uint8Array | string) => sniffType(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);

describe('[X6] the type of a file', () => {
  for (const [sample, mediaType] of [
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['gif', 'image/gif'],
    ['webp', 'image/webp'],
    ['avif', 'image/avif'],
    ['pdf', 'application/pdf'],
    ['zip', 'application/zip'],
    ['exe', 'application/octet-stream'],
    ['text', 'text/plain'],
    ['html', 'text/plain'],
  ] as const) {
    it(`of ${sample} is ${mediaType}`, async () => assert.deepEqual(await typeOf(SAMPLES[sample]), { mediaType }));
  }

  it('is that of the picture where a picture holds a page as well, and of no page', async () => {
    for (const sample of ['png', 'jpeg', 'gif'] as const) {
      const polyglot = Buffer.concat([SAMPLES[sample], Buffer.from(`/*<html>${SCRIPT}*/=1;alert(1)`)]);
      assert.match(JSON.stringify(await typeOf(polyglot)), /image\//);
    }
    assert.deepEqual(await typeOf(Buffer.concat([SAMPLES.pdf, Buffer.from(`<html>${SCRIPT}`)])), { mediaType: 'application/pdf' });
    assert.deepEqual(await typeOf(`GIF <html>${SCRIPT}`), { mediaType: 'text/plain' });
    assert.deepEqual(await typeOf(Buffer.concat([Buffer.from('<html>'), SAMPLES.png])), { mediaType: 'application/octet-stream' });
  });

  it('is not read past what is torn', async () => {
    for (const sample of Object.values(SAMPLES)) {
      for (let length = 0; length < Math.min(sample.length, 60); length++) assert.ok(await typeOf(sample.subarray(0, length)));
    }
  });

  it('of SVG is refused, however it is dressed', async () => {
    for (const svg of [
      String(SAMPLES.svg),
      `\ufeff ${SAMPLES.svg}`,
      `<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n${SAMPLES.svg}`,
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg:svg xmlns:svg="http://www.w3.org/2000/svg">${SCRIPT}</svg:svg>`,
      '<SVG ONLOAD=alert(1)>',
      '<svg/onload=alert(1)>',
      Buffer.from(`\ufeff${SAMPLES.svg}`, 'utf16le'),
    ]) {
      assert.ok('refused' in (await typeOf(svg)), String(svg));
    }
  });

  it('of a text that only speaks of SVG is text', async () => {
    for (const text of ['Write <svg> at the top.', '<svgs>', '# svg\n\n<svg></svg>']) {
      assert.deepEqual(await typeOf(text), { mediaType: 'text/plain' }, text);
    }
  });

  it('of a text that is cut off within a character is text', async () => {
    assert.deepEqual(await typeOf(Buffer.from('aé'.repeat(3000)).subarray(0, 4097)), { mediaType: 'text/plain' });
    assert.deepEqual(await typeOf(Buffer.from('\xff\xfe\x00\x00', 'latin1')), { mediaType: 'application/octet-stream' });
  });
});
