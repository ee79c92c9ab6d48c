import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conform } from '../../../document/conform.ts';
import type { ContentNode } from '../../../document/content.ts';
import { randomContent, seeded } from '../../../document/random-content.ts';
import { toText } from '../../../document/text.ts';
import { openArchive } from '../files/open-archive.ts';
import { pictureFinder } from '../files/pictures.ts';
import { parseXml } from '../files/xml.ts';
import { EXPORTS, IMPORTS } from './table.ts';

const DOCUMENTS = 30;
const noWarning = () => {};

async function fileOf(format: keyof typeof EXPORTS, content: ContentNode): Promise<Uint8Array> {
  const write = await EXPORTS[format].load();
  const picture = pictureFinder('', new Map());
  return write({ content: () => structuredClone(content), title: 'Of all', picture, as: {}, state: () => new Uint8Array() }, noWarning);
}

async function contentOf(format: keyof typeof IMPORTS, file: Uint8Array): Promise<ContentNode> {
  return conform((await (await IMPORTS[format].load())(file, noWarning)).content, noWarning);
}

/** The words of a text, in order, without what a format may write in another way. */
function wordsOf(content: ContentNode): string[] {
  return toText(content)
    .normalize('NFC')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Formulas come back in another notation, calls of footnotes under another label, pictures that are elsewhere as links, and what is marked as deleted not at all. */
function withoutFormulas(node: ContentNode): ContentNode {
  const isLeft = ({ type, marks = [] }: ContentNode) =>
    !/Math$|^footnoteReference$|mage$/.test(type) && !marks.some((mark) => mark.type === 'deletion');
  const content = node.content?.map((child) => (isLeft(child) ? withoutFormulas(child) : { type: 'text', text: ' ' }));
  return { ...node, ...(content === undefined ? {} : { content }) };
}

/** What footnotes say, without their labels. */
function unlabelled(node: ContentNode): ContentNode {
  const { content, ...rest } = node;
  const type = node.type === 'footnoteDefinition' ? 'blockquote' : node.type;
  return { ...rest, type, ...(content === undefined ? {} : { content: content.map(unlabelled) }) };
}

describe('random documents', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  console.log(`seed ${seed}`);
  const documents = Array.from({ length: DOCUMENTS }, (_, at) => conform(randomContent(seeded(seed + at)), noWarning));

  for (const format of ['docx', 'odt', 'epub'] as const) {
    it(`are well-formed in every part of ${format}`, async () => {
      for (const [at, content] of documents.entries()) {
        const parts = openArchive(await fileOf(format, content), format, () => true);
        for (const [path, bytes] of parts) {
          if (!/\.(?:xml|rels|xhtml|opf)$/.test(path)) continue;
          assert.doesNotThrow(() => parseXml(new TextDecoder().decode(bytes), format), `${path} of document ${seed + at}`);
        }
      }
    });

    it(`[X4] keep their words in ${format} and back`, async () => {
      for (const [at, content] of documents.entries()) {
        const plain = withoutFormulas(content);
        const kept = new Set(wordsOf(await contentOf(format, await fileOf(format, plain))));
        const lost = wordsOf(unlabelled(plain)).filter((word) => !kept.has(word));
        assert.deepEqual(lost, [], `of document ${seed + at}`);
      }
    });
  }

  it('are set in PDF', async () => {
    for (const content of documents)
      assert.equal(
        Buffer.from(await fileOf('pdf', content))
          .subarray(0, 5)
          .toString(),
        '%PDF-',
      );
  });
});
