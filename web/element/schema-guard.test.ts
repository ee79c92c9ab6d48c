import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { fromMarkdown } from '../../document/formats/from-markdown.ts';
import { writeInitialContent } from '../../document/live.ts';
import { schema } from '../../document/schema.ts';
import { foreignNames, foreignNamesIn } from './schema-guard.ts';

const known = { nodes: new Set(Object.keys(schema.nodes)), marks: new Set(Object.keys(schema.marks)) };

function document(): Y.Doc {
  const doc = new Y.Doc();
  writeInitialContent(doc, fromMarkdown('# Title\n\nSome **bold** [link](https://example.org) text.\n\n- [ ] task\n').content);
  return doc;
}
const fragment = (doc: Y.Doc) => doc.getXmlFragment('default');

/** What the guard says of a change that arrives from elsewhere, before any observer. */
function guarded(target: Y.Doc, change: (source: Y.Doc) => void): string[] {
  const source = new Y.Doc();
  Y.applyUpdate(source, Y.encodeStateAsUpdate(target));
  const seen = new Set<string>();
  target.on('beforeObserverCalls', (transaction: Y.Transaction) => {
    for (const name of foreignNamesIn(transaction, fragment(target), known)) seen.add(name);
  });
  change(source);
  Y.applyUpdate(target, Y.encodeStateAsUpdate(source, Y.encodeStateVector(target)));
  return [...seen];
}

describe('foreignNames', () => {
  it('finds nothing in a document of this schema', () => {
    assert.deepEqual([...foreignNames(fragment(document()), known)], []);
  });

  it('finds an unknown node, however deep', () => {
    const doc = document();
    const list = new Y.XmlElement('bulletList');
    fragment(doc).push([list]);
    list.push([new Y.XmlElement('listItem')]);
    (list.get(0) as Y.XmlElement).push([new Y.XmlElement('hologram')]);
    assert.deepEqual([...foreignNames(fragment(doc), known)], ['hologram']);
  });

  it('finds an unknown mark, also one that may overlap itself', () => {
    const doc = document();
    const text = new Y.XmlText('hello');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.push([text]);
    fragment(doc).push([paragraph]);
    text.format(0, 2, { glow: {} });
    text.format(2, 2, { 'shine--abcdEF12': {} });
    assert.deepEqual([...foreignNames(fragment(doc), known)].sort(), ['glow', 'shine']);
  });

  it('knows overlapping marks of this schema by their name', () => {
    const doc = document();
    const text = new Y.XmlText('hello');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.push([text]);
    fragment(doc).push([paragraph]);
    text.format(0, 2, { 'comment--abcdEF12': { threadId: '1' } });
    assert.deepEqual([...foreignNames(fragment(doc), known)], []);
  });

  it('leaves other roots of the document alone, and what was deleted', () => {
    const doc = document();
    doc.getXmlFragment('drawing').push([new Y.XmlElement('stroke')]);
    doc.getMap('meta').set('nested', new Y.Map());
    fragment(doc).push([new Y.XmlElement('hologram')]);
    fragment(doc).delete(fragment(doc).length - 1, 1);
    assert.deepEqual([...foreignNames(fragment(doc), known)], []);
  });
});

describe('foreignNamesIn', () => {
  it('sees what an update brings before an observer does, and only that', () => {
    assert.deepEqual(
      guarded(document(), (source) => fragment(source).push([new Y.XmlElement('hologram')])),
      ['hologram'],
    );
    assert.deepEqual(
      guarded(document(), (source) => fragment(source).push([new Y.XmlElement('paragraph')])),
      [],
    );
  });

  it('sees a mark put on text that was there', () => {
    const marked = guarded(document(), (source) => {
      const heading = fragment(source).get(0) as Y.XmlElement;
      (heading.get(0) as Y.XmlText).format(0, 3, { glow: { strength: 1 } });
    });
    assert.deepEqual(marked, ['glow']);
  });
});
