import assert from 'node:assert/strict';
import { after, describe, it, type TestContext } from 'node:test';
import * as Y from 'yjs';
import type { ContentNode } from '../../document/content.ts';
import { exportFormats, importFormats } from '../../document/formats/format.ts';
import { plainText, writeInitialContent } from '../../document/live.ts';
import { readContent } from '../../document/read.ts';
import { ERRORS } from '../../protocol/errors.ts';
import type { Conversions, Imported } from '../ports/conversions.ts';
import { type ConversionLimits, createConversions } from './convert.ts';
import { EXPORTS, IMPORTS } from './formats/table.ts';
import { WorkerPool } from './pool.ts';
import { readsWithinMemory, SHAPES } from './testing/shapes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);

function stateOf(...lines: string[]): Uint8Array {
  const document = new Y.Doc();
  const content: ContentNode[] = lines.map((line) => ({ type: 'paragraph', content: [{ type: 'text', text: line }] }));
  writeInitialContent(document, { type: 'doc', content });
  return Y.encodeStateAsUpdate(document);
}

/** Reads a file into a new document. */
function read(conversions: Conversions, format: string, file: Uint8Array): Promise<Imported> {
  return conversions.fromFormat(format, file, { title: null });
}

function contentOf({ update }: Imported): ContentNode {
  const document = new Y.Doc();
  if (update !== null) Y.applyUpdate(document, update);
  return readContent(document);
}

describe('a conversion', () => {
  const pool = new WorkerPool();
  const conversions = createConversions(pool, { timeoutMs: 300_000 });
  after(() => pool.close());

  it('of a small document to text or JSON needs no thread', async () => {
    assert.equal(text((await conversions.toFormat('text', [stateOf('one', '# two')], '')).body), 'one\n# two');
    assert.equal(JSON.parse(text((await conversions.toFormat('json', [stateOf('one', 'two')], '')).body)).content.length, 2);
    assert.equal(pool.size, 0);
  });

  it('writes a state in every format', async () => {
    const state = stateOf('one', '# two');
    assert.equal(text((await conversions.toFormat('markdown', [state], '')).body), 'one\n\n\\# two\n');
    assert.match(text((await conversions.toFormat('html', [state], 'A <title>')).body), /<title>A &#x3C;title><\/title>/);
    assert.deepEqual((await conversions.toFormat('yjs', [state], '')).body, state);
  });

  it('gives the same bytes in a thread as on the event loop', async () => {
    const many = Array.from({ length: 4_000 }, (_, at) => `paragraph ${at}`);
    assert.ok(stateOf(...many).length > EXPORTS.text.inlineBytes);
    assert.equal(text((await conversions.toFormat('text', [stateOf(...many)], '')).body), many.join('\n'));
    assert.equal(pool.size, 1);
  });

  it('reads Markdown and JSON', async () => {
    const markdown = await read(conversions, 'markdown', bytes('# Title\n\ntext <x>'));
    assert.equal(markdown.title, 'Title');
    assert.equal(markdown.warnings.length, 1);
    const json = await read(conversions, 'json', bytes(JSON.stringify(contentOf(markdown))));
    assert.deepEqual(contentOf(json), contentOf(markdown));
  });

  it('has code for every format, and for no other', () => {
    assert.deepEqual(Object.keys(EXPORTS).sort(), exportFormats.map(({ name }) => name).sort());
    assert.deepEqual(Object.keys(IMPORTS).sort(), importFormats.map(({ name }) => name).sort());
  });

  it('writes into a document what differs, and keeps what others write meanwhile', async () => {
    const state = stateOf('one', 'two', 'three');
    const { update, title } = await conversions.fromFormat('markdown', bytes('one\n\n2\n\nthree\n'), { state: [state] });
    const document = new Y.Doc();
    Y.applyUpdate(document, state);
    const typed = document.getXmlFragment('default').get(2) as Y.XmlElement;
    (typed.get(0) as Y.XmlText).insert(5, '!');
    Y.applyUpdate(document, update!);
    assert.deepEqual([plainText(document), title], ['one\n2\nthree!', '']);
    assert.equal((await conversions.fromFormat('markdown', bytes('one\n\ntwo\n\nthree\n'), { state: [state] })).update, null);
  });

  it('refuses what cannot be read, and works on', async () => {
    await assert.rejects(read(conversions, 'json', bytes('{"type":"doc","content":[7]}')), {
      code: 'bad-content',
      message: '$.content[0] must be an object.',
    });
    await assert.rejects(read(conversions, 'markdown', new Uint8Array([0xff, 0xfe])), { code: 'bad-content' });
    await assert.rejects(read(conversions, 'markdown', bytes('>'.repeat(10_000))), { code: 'bad-content' });
    await assert.rejects(conversions.toFormat('docm', [stateOf('x')], ''), {
      code: 'unknown-format',
      message: /"docm" cannot be exported/,
    });
    await assert.rejects(read(conversions, 'docm', bytes('x')), {
      code: 'unknown-format',
      message: '"docm" cannot be imported; markdown (md), html, text (txt), docx, odt, epub, json or yjs can.',
    });
    assert.equal((await read(conversions, 'markdown', bytes('fine'))).warnings.length, 0);
  });

  for (const shape of SHAPES.filter(({ isQuick }) => isQuick)) {
    it(`[L3] reads ${shape.what} within 400 MB`, () => readsWithinMemory(shape));
  }
});

describe('[L3] a conversion past its bounds', () => {
  const slow = bytes('# A\n'.repeat(60_000));

  function limited(t: TestContext, limits: Partial<ConversionLimits>) {
    const pool = new WorkerPool();
    t.after(() => pool.close());
    return { pool, conversions: createConversions(pool, { timeoutMs: 60_000, threads: 1, ...limits }) };
  }

  it('of time is refused with conversion-timeout, and the next is made', async (t) => {
    const { pool, conversions } = limited(t, { timeoutMs: 500 });
    await assert.rejects(read(conversions, 'markdown', slow), { code: 'conversion-timeout' });
    const patient = createConversions(pool, { timeoutMs: 60_000 });
    assert.equal(contentOf(await read(patient, 'markdown', bytes('fine'))).content?.length, 1);
  });

  it('of memory is refused as too complex, which no retry can help', async (t) => {
    const { conversions } = limited(t, { memoryMb: 64 });
    await assert.rejects(read(conversions, 'markdown', bytes('# A\n'.repeat(200_000))), {
      code: 'content-too-complex',
      message: 'The conversion needed more than 64 MB of memory. Several smaller documents need less each.',
    });
    assert.deepEqual([ERRORS['content-too-complex'].status, ERRORS['content-too-complex'].retry], [422, false]);
    assert.equal(contentOf(await read(conversions, 'markdown', bytes('fine'))).content?.length, 1);
  });

  it('of the queue is refused as overloaded', async (t) => {
    const { pool, conversions } = limited(t, { queued: 1 });
    const running = assert.rejects(read(conversions, 'markdown', slow), { code: 'shutting-down' });
    const waiting = assert.rejects(read(conversions, 'markdown', slow), { code: 'shutting-down' });
    await assert.rejects(read(conversions, 'markdown', slow), { code: 'overloaded' });
    await pool.close();
    await Promise.all([running, waiting]);
    await assert.rejects(read(conversions, 'markdown', slow), { code: 'shutting-down' });
  });
});
