import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as Y from 'yjs';
import { type CutJob, cutEdit } from '../../document/updates/cut-edit.ts';
import { fillInSlices } from './fill.ts';

it('a document whose updates stand in one piece of memory is filled whole, though each large one is handed to a thread', async () => {
  const source = new Y.Doc();
  const updates: Uint8Array[] = [];
  source.on('update', (update: Uint8Array) => updates.push(update));
  for (const letter of 'abcdef') source.getText('t').insert(0, letter.repeat(150_000));
  // As the driver hands them out.
  const memory = Buffer.concat(updates);
  const ends = updates.map((_, index) => updates.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0));
  const views = updates.map(({ length }, index) => memory.subarray((ends[index] as number) - length, ends[index]));
  const document = new Y.Doc();
  await fillInSlices(document, { snapshot: null, updates: views }, async (job: CutJob) => {
    return cutEdit(structuredClone(job, { transfer: [job.update.buffer as ArrayBuffer] }));
  });
  assert.equal(document.getText('t').toString(), source.getText('t').toString());
});
