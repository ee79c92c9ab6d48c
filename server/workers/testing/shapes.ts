import assert from 'node:assert/strict';
import * as Y from 'yjs';
import { readContent } from '../../../document/live.ts';
import { createConversions } from '../convert.ts';
import { WorkerPool } from '../pool.ts';

/** A large file of one construct, and how many blocks it makes. */
interface Shape {
  readonly what: string;
  readonly format: 'markdown' | 'html';
  readonly file: () => string;
  readonly blocks: number;
  /** Takes a moment; the others are in the soak. */
  readonly isQuick?: true;
}

const SENTENCE = 'The quick brown fox jumps over the lazy dog. ';
const ORDINARY = `Some *words* and a [link][l] with \`code\`. ${SENTENCE.repeat(20)}\n\n- one\n- two\n\n`;
const deep = (marker: string) => Array.from({ length: 500 }, (_, depth) => `${'  '.repeat(depth)}${marker} item`).join('\n');
const each = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at)).join('');

/** What converters that look at anything twice do not survive. */
export const SHAPES: readonly Shape[] = [
  {
    what: '5 MB of ordinary text',
    format: 'markdown',
    file: () => `${ORDINARY.repeat(5_200)}\n[l]: https://example.org\n`,
    blocks: 10_400,
    isQuick: true,
  },
  { what: '50,000 marks in a paragraph', format: 'markdown', file: () => '**word** '.repeat(50_000), blocks: 1, isQuick: true },
  { what: '20,000 headings', format: 'markdown', file: () => '# A heading\n'.repeat(20_000), blocks: 20_000, isQuick: true },
  {
    what: '5,000 references',
    format: 'markdown',
    file: () => `${each(5_000, (at) => `[r${at}] `)}\n\n${each(5_000, (at) => `[r${at}]: /${at}\n`)}`,
    blocks: 1,
    isQuick: true,
  },
  { what: 'lists 500 deep', format: 'markdown', file: () => deep('-'), blocks: 1, isQuick: true },
  { what: 'tasks 500 deep', format: 'markdown', file: () => deep('- [ ]'), blocks: 1, isQuick: true },
  { what: 'a paragraph of 4.9 MB', format: 'markdown', file: () => SENTENCE.repeat(110_000), blocks: 1, isQuick: true },
  { what: '100,000 paragraphs', format: 'markdown', file: () => 'A paragraph.\n\n'.repeat(100_000), blocks: 100_000 },
  { what: '50,000 items', format: 'markdown', file: () => '- item\n'.repeat(50_000), blocks: 1 },
  { what: '20,000 rows', format: 'markdown', file: () => `| a | b |\n| - | - |\n${'| c | *d* |\n'.repeat(20_000)}`, blocks: 1 },
  { what: '5,000 footnotes', format: 'markdown', file: () => each(5_000, (at) => `x[^${at}]\n\n[^${at}]: y\n\n`), blocks: 10_000 },
  { what: 'four million line feeds', format: 'markdown', file: () => '\n'.repeat(4_000_000), blocks: 1 },
  { what: 'half a million entities', format: 'markdown', file: () => '&amp;'.repeat(480_000), blocks: 1 },
  { what: '100,000 HTML paragraphs', format: 'html', file: () => '<p>A paragraph.</p>'.repeat(100_000), blocks: 100_000 },
  { what: '50,000 HTML marks', format: 'html', file: () => `<p>${'<b>word</b> '.repeat(50_000)}`, blocks: 1 },
  { what: 'HTML lists 500 deep', format: 'html', file: () => '<ul><li>x'.repeat(500), blocks: 1 },
];

/** Reads it in a thread that has 400 MB, and back into content. */
export async function readsWithinMemory({ what, format, file, blocks }: Shape): Promise<void> {
  const pool = new WorkerPool();
  try {
    const conversions = createConversions(pool, { timeoutMs: 300_000, memoryMb: 400 });
    const { update } = await conversions.fromFormat(format, new TextEncoder().encode(file()), { title: null });
    const document = new Y.Doc();
    Y.applyUpdate(document, update!);
    assert.equal(readContent(document).content!.length, blocks, what);
  } finally {
    await pool.close();
  }
}
