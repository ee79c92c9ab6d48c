import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { writeTitle } from '../../document/title.ts';
import { rejectedContent } from './rejected-edits.ts';

/** A document of three paragraphs that the server has, and the updates of what is done to it afterwards. */
function after(edit: (fragment: Y.XmlFragment, document: Y.Doc) => void): string {
  const document = new Y.Doc();
  const fragment = document.getXmlFragment('default');
  fragment.push(['one', 'two', 'three'].map(paragraph));
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  edit(fragment, document);
  const { title, blocks } = rejectedContent(document, updates);
  const words = blocks.map((block) => (block.content ?? []).map((node) => node.text).join('')).join(' | ');
  return title === null ? words : `${title}: ${words}`;
}

function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph');
  element.push([new Y.XmlText(text)]);
  return element;
}

const textOf = (fragment: Y.XmlFragment, at: number) => (fragment.get(at) as Y.XmlElement).get(0) as Y.XmlText;

describe('rejectedContent', () => {
  it('is nothing without edits', () =>
    assert.equal(
      after(() => {}),
      '',
    ));
  it('is the paragraph that was written in, whole', () =>
    assert.equal(
      after((fragment) => textOf(fragment, 1).insert(3, ' more')),
      'two more',
    ));
  it('is each touched block once, in the order of the document', () =>
    assert.equal(
      after((fragment) => {
        textOf(fragment, 2).insert(0, 'and ');
        fragment.insert(0, [paragraph('zero')]);
        textOf(fragment, 0).insert(4, '!');
      }),
      'zero! | and three',
    ));
  it('is what is left around what was deleted', () =>
    assert.equal(
      after((fragment) => textOf(fragment, 2).delete(1, 2)),
      'tee',
    ));
  it('is nothing for a block that is gone', () =>
    assert.equal(
      after((fragment) => fragment.delete(0)),
      '',
    ));
  it('is a block whose attribute was set', () =>
    assert.equal(
      after((fragment) => (fragment.get(0) as Y.XmlElement).setAttribute('level', '2')),
      'one',
    ));
  it('names the title when it was set', () =>
    assert.equal(
      after((_fragment, document) => writeTitle(document, 'Plan')),
      'Plan: ',
    ));
  it('finds an edit that was merged into the struct before it', () =>
    assert.equal(
      after((fragment) => {
        textOf(fragment, 0).insert(3, '!');
        textOf(fragment, 0).insert(4, '?');
      }),
      'one!?',
    ));
});
