import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { type Edit, typeEdits, type Updates } from './edits.ts';

const FILE = new URL('../data/automerge-paper.json.gz', import.meta.url);

/**
 * The first `most` edits of automerge-paper as updates. The whole history must come to the text that
 * was recorded with it, or nothing measured with it would mean anything.
 */
export async function readPaper(most: number): Promise<Updates> {
  const { endContent, txns } = JSON.parse(gunzipSync(await readFile(FILE)).toString()) as { endContent: string; txns: Edit[] };
  const updates = typeEdits(txns.slice(0, most));
  if (most >= txns.length && updates.text !== endContent) throw new Error('The history does not come to its recorded text.');
  return updates;
}
