import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as Y from 'yjs';
import { foreignRoots, plainRoot, rootsOf } from './roots.ts';

/** The document as another process reads it: nobody has said there what its roots are. */
function elsewhere(write: (document: Y.Doc) => void): Y.Doc {
  const document = new Y.Doc();
  write(document);
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  return copy;
}

it('tells what the roots of applications are by what is in them', () => {
  const document = elsewhere((source) => {
    source.getText('codemirror').insert(0, 'let x = 1;\n', { bold: true });
    source.getXmlFragment('document-store').insert(0, [new Y.XmlElement('blockgroup')]);
    source.getArray('list').push([1, { two: 2 }]);
    source.getArray('nested').push([new Y.Map([['a', 1]])]);
    source.getMap('shapes').set('a', { x: 1 });
    source.getText('emptied').insert(0, 'x');
    source.getText('emptied').delete(0, 1);
    source.getMap('meta').set('title', 'T');
    source.getXmlFragment('default').insert(0, [new Y.XmlElement('paragraph')]);
  });
  const kinds = Object.fromEntries(rootsOf(document).map(({ name, kind }) => [name, kind]));
  assert.deepEqual(kinds, {
    codemirror: 'text',
    'document-store': 'fragment',
    list: 'array',
    nested: 'array',
    shapes: 'map',
    meta: 'map',
    default: 'fragment',
  });
  assert.deepEqual(
    foreignRoots(document).map((root) => plainRoot(document, root)),
    ['let x = 1;\n', '<blockgroup></blockgroup>', [1, { two: 2 }], [{ a: 1 }], { a: { x: 1 } }],
  );
});
