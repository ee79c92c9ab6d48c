import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { InkwireError } from '../../../protocol/errors.ts';
import { createConversions } from '../convert.ts';
import { WorkerPool } from '../pool.ts';

/** A file as an archive that says it is one of Word. */
function docxOf(body: string, more: Record<string, Uint8Array> = {}): Uint8Array {
  const names =
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"';
  return zipSync({
    '[Content_Types].xml': strToU8(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    ),
    '_rels/.rels': strToU8(
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    'word/document.xml': strToU8(`<?xml version="1.0"?><w:document ${names}><w:body>${body}</w:body></w:document>`),
    ...more,
  });
}

const odtOf = (content: string) =>
  zipSync({ mimetype: strToU8('application/vnd.oasis.opendocument.text'), 'content.xml': strToU8(content) });
const epubOf = (chapter: string, more: Record<string, Uint8Array> = {}) =>
  zipSync({
    'META-INF/container.xml': strToU8('<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'),
    'p.opf': strToU8('<package><manifest><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="c"/></spine></package>'),
    'c.xhtml': strToU8(chapter),
    ...more,
  });

/** A zip whose files say that they are of another size than they are: bytes 22 of each local header and 24 of each entry of the directory. */
function claiming(file: Uint8Array, bytes: number): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 4 < file.length; at++) {
    const sign = view.getUint32(at, true);
    if (sign === 0x04034b50) view.setUint32(at + 22, bytes, true);
    if (sign === 0x02014b50) view.setUint32(at + 24, bytes, true);
  }
  return file;
}

const ENTITIES = `<!DOCTYPE x [${['<!ENTITY a0 "ha">', ...Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at + 1} "&a${at};&a${at};">`)].join('')}]>`;
const zeros = (megabytes: number) => new Uint8Array(megabytes * 1024 * 1024);
const deep = (tag: string, close: string, depth: number) => tag.repeat(depth) + close.repeat(depth);

describe('files that mean harm', () => {
  const pool = new WorkerPool();
  const conversions = createConversions(pool, { timeoutMs: 20_000, threads: 1 });
  after(() => pool.close());
  const read = (format: string, file: Uint8Array) => conversions.fromFormat(format, file, { title: null });

  const refused: [what: string, format: string, file: () => Uint8Array][] = [
    ['no archive', 'docx', () => strToU8('not a zip')],
    ['an archive of nothing', 'odt', () => zipSync({})],
    ['an archive that is cut off', 'docx', () => docxOf('<w:p/>').subarray(0, 300)],
    ['an archive that unpacks to 170 MB', 'docx', () => docxOf('<w:p/>', { 'word/media/a.png': zeros(170) })],
    ['markup that unpacks to 33 MB', 'odt', () => zipSync({ 'content.xml': zeros(33) })],
    ['a chapter that unpacks to 33 MB', 'epub', () => epubOf('', { 'd.xhtml': zeros(33) })],
    ['an archive that claims 4 GB', 'docx', () => claiming(docxOf('<w:p/>'), 0xfffffff0)],
    [
      'entities that grow',
      'docx',
      () =>
        docxOf('', {
          'word/document.xml': strToU8(`<?xml version="1.0"?>${ENTITIES}<w:document xmlns:w="w"><w:body>&a30;</w:body></w:document>`),
        }),
    ],
    ['entities that grow', 'odt', () => odtOf(`${ENTITIES}<office:document-content>&a30;</office:document-content>`)],
    ['entities that grow', 'epub', () => epubOf(`${ENTITIES}<html><body>&a30;</body></html>`)],
    [
      'an entity of another file',
      'odt',
      () => odtOf('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><office:document-content>&f;</office:document-content>'),
    ],
    ['markup that is not well-formed', 'odt', () => odtOf('<a><b></a>')],
    ['elements within each other without end', 'docx', () => docxOf(deep('<w:sdt><w:sdtContent>', '</w:sdtContent></w:sdt>', 100_000))],
    ['elements within each other without end', 'odt', () => odtOf(deep('<text:section>', '</text:section>', 100_000))],
    ['elements within each other without end', 'epub', () => epubOf(deep('<div>', '</div>', 100_000))],
    [
      'a book that names a file outside of it',
      'epub',
      () => zipSync({ 'META-INF/container.xml': strToU8('<container><rootfile full-path="../../../../etc/passwd"/></container>') }),
    ],
  ];
  for (const [what, format, file] of refused) {
    it(`[X12] ${format}: ${what} is refused`, async () => {
      await assert.rejects(read(format, file()), (error: unknown) => {
        assert.ok(error instanceof InkwireError, String(error));
        assert.ok(['bad-content', 'content-too-complex'].includes(error.code), `${error.code}: ${error.message}`);
        return true;
      });
    });
  }

  it('[X12] paths that lead out of an archive lead nowhere', async () => {
    const secret = '<a:blip r:embed="rId9"/>';
    const rels =
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="../../../../../etc/passwd"/><Relationship Id="rId8" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/passwd"/></Relationships>';
    const drawing = `<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>${secret.replace('embed', 'link').replace('9', '8')}${secret}</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t>words</w:t></w:r></w:p>`;
    const file = docxOf(drawing, { 'word/_rels/document.xml.rels': strToU8(rels), '../../etc/passwd': strToU8('root:') });
    const outcome = await read('docx', file).catch((error: unknown) => error);
    if (outcome instanceof Error) assert.ok(outcome instanceof InkwireError, outcome.stack);
    assert.doesNotMatch(Buffer.from((outcome as { update?: Uint8Array }).update ?? new Uint8Array()).toString('latin1'), /root:|cm9vd/);
    const book = epubOf(
      '<html><body><img src="../../../../etc/passwd"/><img src="file:///etc/passwd"/><img src="http://127.0.0.1:1/a.png"/>words</body></html>',
    );
    const { update } = await read('epub', book);
    assert.doesNotMatch(Buffer.from(update!).toString('latin1'), /root:|127\.0\.0\.1|file:/);
  });

  it('[X12] the next file is read as ever', async () => {
    const { update } = await read('docx', docxOf('<w:p><w:r><w:t>Sow in March</w:t></w:r></w:p>'));
    assert.match(Buffer.from(update!).toString('latin1'), /Sow in March/);
  });
});

describe('files of others', () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mammoth/package.json')), 'test/test-data');
  const pool = new WorkerPool();
  const conversions = createConversions(pool, { timeoutMs: 20_000, threads: 1 });
  after(() => pool.close());
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.docx'))) {
    it(`${name} is read, and what is read is written`, async () => {
      const { update } = await conversions.fromFormat('docx', readFileSync(join(folder, name)), { title: null });
      if (update === null) return;
      for (const format of ['docx', 'odt', 'epub']) {
        const { body } = await conversions.toFormat(format, [update], name, { pictures: new Map() });
        assert.ok(body.length > 0);
      }
    });
  }
});
