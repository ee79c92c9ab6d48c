import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Sides, stepFor } from './step.ts';

const base = { text: 'base', version: 1, isDropped: false };
const dropped = { ...base, isDropped: true };
const at = (text: string, version = 1) => ({ text, version });

const table: readonly [what: string, sides: Partial<Sides>, step: string][] = [
  ['nothing anywhere', {}, 'nothing'],
  ['a file that is new', { file: 'a' }, 'create-document'],
  ['a document that is new', { document: at('a') }, 'write-file'],
  ['both new and the same', { file: 'a', document: at('a') }, 'note'],
  ['both new and different', { file: 'a', document: at('b') }, 'leave-alone'],
  ['all the same', { file: 'base', document: at('base'), base }, 'nothing'],
  ['a document that has changed and changed back', { file: 'base', document: at('base', 3), base }, 'note'],
  ['a file that was saved', { file: 'a', document: at('base'), base }, 'write-document'],
  ['a document that was written in', { file: 'base', document: at('a', 2), base }, 'write-file'],
  ['both changed alike', { file: 'a', document: at('a', 2), base }, 'note'],
  ['both changed', { file: 'base of file', document: at('the base', 2), base }, 'write-document'],
  ['a file that is gone', { document: at('base'), base }, 'drop-file'],
  ['a file that is gone, and its document is to go', { document: at('base'), base, deletes: true }, 'delete-document'],
  ['a file that is gone, of a document that has changed', { document: at('a', 2), base, deletes: true }, 'write-file'],
  ['a file that is gone, and was known to be', { document: at('base'), base: dropped, deletes: false }, 'nothing'],
  ['a file that is back', { file: 'base', document: at('base'), base: dropped }, 'note'],
  ['a document that is gone', { file: 'base', base }, 'put-file-away'],
  ['a document that is gone, of a file that has changed', { file: 'a', base }, 'create-document'],
  ['both gone', { base }, 'forget'],
];
for (const [what, sides, step] of table) {
  it(`[X11] ${what}: ${step}`, () => {
    assert.equal(stepFor({ file: null, document: null, base: null, deletes: false, ...sides }).do, step);
  });
}
