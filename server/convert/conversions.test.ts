import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import * as Y from 'yjs';
import type { ContentNode } from '../../document/content.ts';
import { writeInitialContent } from '../../document/live.ts';
import { createConversions } from './conversions.ts';
import { WorkerPool } from './worker-pool.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);

function stateOf(...lines: string[]): Uint8Array {
  const document = new Y.Doc();
  const content: ContentNode[] = lines.map((line) => ({ type: 'paragraph', content: [{ type: 'text', text: line }] }));
  writeInitialContent(document, { type: 'doc', content });
  return Y.encodeStateAsUpdate(document);
}

describe('conversions', () => {
  const conversions = createConversions({ timeoutMs: 300_000 });
  after(() => conversions.close());

  it('writes a state in every format', async () => {
    const state = stateOf('one', '# two');
    assert.equal(text((await conversions.toFormat('text', state, '')).body), 'one\n# two');
    assert.equal(text((await conversions.toFormat('markdown', state, '')).body), 'one\n\n\\# two\n');
    assert.equal(JSON.parse(text((await conversions.toFormat('json', state, '')).body)).content.length, 2);
    assert.match(text((await conversions.toFormat('html', state, 'A <title>')).body), /<title>A &#x3C;title><\/title>/);
    assert.deepEqual((await conversions.toFormat('yjs', state, '')).body, state);
  });

  it('reads Markdown and JSON', async () => {
    const markdown = await conversions.fromFormat('markdown', bytes('# Title\n\ntext <x>'));
    assert.equal(markdown.title, 'Title');
    assert.equal(markdown.warnings.length, 1);
    const json = await conversions.fromFormat('json', bytes(JSON.stringify(markdown.content)));
    assert.deepEqual(json.content, markdown.content);
  });

  it('refuses what cannot be read, and works on', async () => {
    await assert.rejects(conversions.fromFormat('json', bytes('{"type":"doc","content":[7]}')), {
      code: 'bad-content',
      message: '$.content[0] must be an object.',
    });
    await assert.rejects(conversions.fromFormat('markdown', new Uint8Array([0xff, 0xfe])), { code: 'bad-content' });
    await assert.rejects(conversions.fromFormat('markdown', bytes('>'.repeat(10_000))), { code: 'bad-content' });
    await assert.rejects(conversions.toFormat('docm', stateOf('x'), ''), { code: 'unknown-format' });
    await assert.rejects(conversions.fromFormat('html', bytes('x')), { code: 'unknown-format' });
    assert.equal((await conversions.fromFormat('markdown', bytes('fine'))).warnings.length, 0);
  });

  it('reads 5 MB of Markdown', async () => {
    const paragraph = `Some *words* and a [link][l] with \`code\`. ${'The quick brown fox jumps over the lazy dog. '.repeat(20)}\n\n- one\n- two\n\n`;
    const file = `${paragraph.repeat(Math.ceil((5 * 1024 * 1024) / paragraph.length))}\n[l]: https://example.org\n`;
    const { content } = await conversions.fromFormat('markdown', bytes(file));
    assert.ok(content.content!.length > 10_000);
    const last = JSON.stringify(content.content!.slice(-2));
    assert.ok(last.includes('https://example.org'), last);
    assert.ok(JSON.stringify(content.content!.slice(0, 1)).includes('https://example.org'));
  });
});

describe('conversion limits', () => {
  const slow = bytes(`${'*'.repeat(20_000)}a${'*'.repeat(20_000)}`);

  it('ends a conversion that takes too long, and starts another thread for the next', async () => {
    const conversions = createConversions({ timeoutMs: 1500, workers: 1 });
    try {
      await assert.rejects(conversions.fromFormat('markdown', slow), { code: 'conversion-timeout' });
      assert.equal((await conversions.fromFormat('markdown', bytes('fine'))).content.content?.length, 1);
    } finally {
      await conversions.close();
    }
  });

  it('ends a conversion that takes too much memory, not the process', async () => {
    const conversions = createConversions({ timeoutMs: 60_000, workers: 1, memoryMb: 32 });
    try {
      const big = bytes(`{"type":"doc","content":[${'{"type":"paragraph"},'.repeat(500_000)}{"type":"paragraph"}]}`);
      await assert.rejects(conversions.fromFormat('json', big), { code: 'conversion-timeout', message: /memory/ });
    } finally {
      await conversions.close();
    }
  });

  it('refuses more than may wait, and what is unfinished at the end', async () => {
    const conversions = createConversions({ timeoutMs: 60_000, workers: 1, queued: 1 });
    const running = conversions.fromFormat('markdown', slow);
    const waiting = conversions.fromFormat('markdown', slow);
    await assert.rejects(conversions.fromFormat('markdown', slow), { code: 'overloaded' });
    const refused = Promise.all([assert.rejects(running, { code: 'shutting-down' }), assert.rejects(waiting, { code: 'shutting-down' })]);
    await conversions.close();
    await refused;
    await assert.rejects(conversions.fromFormat('markdown', slow), { code: 'shutting-down' });
  });

  it('lets idle threads go', async () => {
    const pool = new WorkerPool({ timeoutMs: 60_000, workers: 1, queued: 1, memoryMb: 256, idleMs: 1 });
    await pool.run({ kind: 'import', format: 'markdown', bytes: bytes('x') });
    while (pool.size > 0) await new Promise((resolve) => setImmediate(resolve));
    await pool.close();
  });
});
