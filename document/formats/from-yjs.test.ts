import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as Y from 'yjs';
import { replaceContent, writeTitle } from '../live.ts';
import { toText } from '../text.ts';
import { fromMarkdown } from './from-markdown.ts';
import { fromText } from './from-text.ts';
import { fromYjs } from './from-yjs.ts';

it('plain text is read as it is written: text → document → text is the same', () => {
  for (const text of ['', 'one', 'one\ntwo', 'one\n\n\ntwo  ', ' a\tb', '# no heading']) assert.equal(toText(fromText(text)), text);
  assert.equal(toText(fromText('\uFEFFone\r\ntwo\r\n')), 'one\ntwo');
});

it('a Yjs state is read for what it says, with its title', () => {
  const document = new Y.Doc();
  const { content } = fromMarkdown('# Plan\n\nSow *early*.');
  replaceContent(document, content);
  writeTitle(document, 'The plan');
  assert.deepEqual(fromYjs(Y.encodeStateAsUpdate(document), assert.fail), { content, title: 'The plan' });
});

it('what a Yjs state holds for other editors is left out, and said', () => {
  const document = new Y.Doc();
  document.getText('codemirror').insert(0, 'code');
  const warnings: string[] = [];
  fromYjs(Y.encodeStateAsUpdate(document), (warning) => warnings.push(warning));
  assert.match(warnings.join(), /The root "codemirror", which is not our editor's, was left out/);
});

it('what is no update, or not all of one, is refused', () => {
  assert.throws(() => fromYjs(Uint8Array.of(1, 2, 3), () => {}), { code: 'bad-content' });
  const document = new Y.Doc();
  document.getText('default').insert(0, 'a');
  const before = Y.encodeStateVector(document);
  document.getText('default').insert(1, 'b');
  assert.throws(() => fromYjs(Y.encodeStateAsUpdate(document, before), () => {}), { code: 'bad-content', message: /does not hold/ });
});
