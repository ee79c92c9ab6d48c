import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { type ContentNode, collectWarnings, MAX_DEPTH } from './content.ts';
import { plainText, replaceContent, writeInitialContent } from './live.ts';
import { readContent } from './read.ts';
import { schema } from './schema.ts';
import { MAX_TITLE_LENGTH, readTitle, writeTitle } from './title.ts';

const paragraph = (text: string, marks?: ContentNode['marks']): ContentNode => ({
  type: 'paragraph',
  ...(text === '' ? {} : { content: [{ type: 'text', text, ...(marks ? { marks } : {}) }] }),
});
const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });
const lines = (...texts: string[]) => doc(...texts.map((text) => paragraph(text)));

function documentWith(content: ContentNode): Y.Doc {
  const document = new Y.Doc();
  writeInitialContent(document, content);
  return document;
}

/** The text type of the n-th block. */
function textOf(document: Y.Doc, index: number): Y.XmlText {
  return (document.getXmlFragment('default').get(index) as Y.XmlElement).get(0) as Y.XmlText;
}

/** A document whose one word lies that deep. */
function nested(levels: number): Y.Doc {
  const document = new Y.Doc();
  document.transact(() => {
    let parent: Y.XmlFragment = document.getXmlFragment('default');
    for (let level = 0; level < levels; level++) {
      const child = new Y.XmlElement('blockquote');
      parent.insert(0, [child]);
      parent = child;
    }
    parent.insert(0, [new Y.XmlText('deepest')]);
  });
  return document;
}

describe('replaceContent', () => {
  it('makes the document say the content', () => {
    const document = documentWith(lines('one', 'two', 'three'));
    replaceContent(document, lines('one', 'three', 'four'));
    assert.equal(plainText(document), 'one\nthree\nfour');
  });

  it('is one update, and none at all when nothing differs', () => {
    const document = documentWith(lines('one', 'two'));
    let updates = 0;
    document.on('update', () => updates++);
    replaceContent(document, lines('zero', 'one', 'two and a half'));
    assert.equal(updates, 1);
    replaceContent(document, lines('zero', 'one', 'two and a half'));
    assert.equal(updates, 1);
  });

  it('keeps the shared types of unchanged paragraphs, moved or pushed down, so that cursors in them stay', () => {
    const texts = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
    const document = documentWith(lines(...texts));
    const cursors = texts.map((_, index) => Y.createRelativePositionFromTypeIndex(textOf(document, index), 2));
    const kept = texts.map((_, index) => textOf(document, index));
    replaceContent(document, lines('first', 'alpha', 'inserted', 'bravo', 'charlie', 'changed', 'echo', 'last'));
    for (const [index, at] of [
      [0, 1],
      [1, 3],
      [2, 4],
      [4, 6],
    ] as const) {
      assert.equal(textOf(document, at), kept[index], texts[index]);
      const position = Y.createAbsolutePositionFromRelativePosition(cursors[index]!, document);
      assert.equal(position?.index, 2);
    }
  });

  it('keeps a cursor before and after a change within one paragraph', () => {
    const document = documentWith(lines('The quick brown fox'));
    const text = textOf(document, 0);
    const before = Y.createRelativePositionFromTypeIndex(text, 3);
    const after = Y.createRelativePositionFromTypeIndex(text, 16);
    replaceContent(document, lines('The very slow brown fox'));
    const position = (at: Y.RelativePosition) => Y.createAbsolutePositionFromRelativePosition(at, document)?.index;
    assert.equal(position(before), 3);
    assert.equal(position(after), 20);
  });

  it('[S1] merges with an edit made at the same time elsewhere', () => {
    const server = documentWith(lines('one', 'two', 'three'));
    const client = new Y.Doc();
    Y.applyUpdate(client, Y.encodeStateAsUpdate(server));
    textOf(client, 2).insert(5, ' and more');
    replaceContent(server, lines('one', 'changed', 'three'));
    Y.applyUpdate(server, Y.encodeStateAsUpdate(client));
    Y.applyUpdate(client, Y.encodeStateAsUpdate(server));
    assert.equal(plainText(server), 'one\nchanged\nthree and more');
    assert.equal(plainText(client), plainText(server));
  });

  it('changes marks only, without touching the letters', () => {
    const document = documentWith(lines('some words'));
    const text = textOf(document, 0);
    replaceContent(document, doc(paragraph('some words', [{ type: 'bold' }])));
    assert.equal(textOf(document, 0), text);
    assert.deepEqual(readContent(document), doc(paragraph('some words', [{ type: 'bold' }])));
  });

  it('[X4] fits content the schema does not know without dropping a word, and says so', () => {
    const document = new Y.Doc();
    const { warn, warnings } = collectWarnings();
    replaceContent(document, doc({ type: 'carousel', content: [paragraph('kept', [{ type: 'sparkle' }])] }), warn);
    assert.equal(plainText(document), 'kept');
    assert.equal(warnings.length, 2);
  });

  it('replaces what is nested 1,000 levels deep', () => {
    const document = nested(1000);
    replaceContent(document, lines('flat'));
    assert.equal(plainText(document), 'flat');
  });

  it('leaves other roots alone', () => {
    const document = documentWith(lines('one'));
    document.getMap('application').set('key', 1);
    replaceContent(document, lines('two'));
    assert.equal(document.getMap('application').get('key'), 1);
  });
});

describe('writeInitialContent', () => {
  it('does not write over anything', () => {
    const document = documentWith(lines('mine'));
    assert.equal(writeInitialContent(document, lines('yours')), false);
    assert.equal(plainText(document), 'mine');
  });
});

describe('readContent', () => {
  it('reads what y-tiptap reads', () => {
    const document = documentWith(
      doc(
        { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Title' }] },
        paragraph('linked', [{ type: 'link', attrs: { href: 'https://example.org' } }, { type: 'bold' }]),
        { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph('item'), { type: 'horizontalRule' }] }] },
      ),
    );
    const theirs = yXmlFragmentToProsemirrorJSON(document.getXmlFragment('default'));
    assert.ok(schema.nodeFromJSON(readContent(document)).eq(schema.nodeFromJSON(theirs)));
  });

  it('changes nothing, not even a document with unknown nodes', () => {
    const document = new Y.Doc();
    document.getXmlFragment('default').insert(0, [new Y.XmlElement('somethingElse')]);
    const before = Y.encodeStateAsUpdate(document);
    readContent(document);
    plainText(document);
    readTitle(document);
    assert.deepEqual(Y.encodeStateAsUpdate(document), before);
  });

  it('reads overlapping comments by their name', () => {
    const document = documentWith(
      doc(
        paragraph('both', [
          { type: 'comment', attrs: { threadId: 'a' } },
          { type: 'comment', attrs: { threadId: 'b' } },
        ]),
      ),
    );
    const marks = readContent(document).content?.[0]?.content?.[0]?.marks;
    assert.deepEqual(marks?.map((mark) => [mark.type, mark.attrs?.threadId]).sort(), [
      ['comment', 'a'],
      ['comment', 'b'],
    ]);
  });

  it('survives any shared type anywhere', () => {
    const document = new Y.Doc();
    const element = new Y.XmlElement('paragraph');
    const text = new Y.XmlText();
    document.getXmlFragment('default').insert(0, [element, new Y.XmlText('loose'), new Y.XmlHook('hook') as unknown as Y.XmlText]);
    element.insert(0, [text]);
    text.insert(0, 'word', { weird: true, bold: 7 });
    text.insertEmbed(4, { image: 'x' });
    element.setAttribute('big', 12n as unknown as string);
    element.setAttribute('bytes', new Uint8Array(3) as unknown as string);
    const { warn, warnings } = collectWarnings();
    const content = readContent(document, warn);
    assert.equal(JSON.stringify(content).includes('word'), true);
    assert.equal(plainText(document), 'word\nloose');
    assert.equal(warnings.length, 2);
    replaceContent(document, content);
    assert.equal(plainText(document), 'word\nloose');
  });

  it('reads the text of a root that was written as another type', () => {
    const writer = new Y.Doc();
    writer.getText('default').insert(0, 'plain');
    const reader = new Y.Doc();
    Y.applyUpdate(reader, Y.encodeStateAsUpdate(writer));
    assert.equal(plainText(reader), 'plain');
    assert.equal(plainText(writer), 'plain');
  });

  it('keeps the words of 10,000 nested levels as text', () => {
    const document = nested(10_000);
    const { warn, warnings } = collectWarnings();
    const content = readContent(document, warn);
    assert.equal(warnings[0]?.includes(`${MAX_DEPTH} levels`), true);
    assert.equal(plainText(document), 'deepest');
    const copy = new Y.Doc();
    replaceContent(copy, content);
    assert.equal(plainText(copy), 'deepest');
    const before = Y.encodeStateAsUpdate(document);
    assert.throws(() => replaceContent(document, lines('flat')), { code: 'bad-content' });
    assert.deepEqual(Y.encodeStateAsUpdate(document), before);
  });
});

describe('plainText', () => {
  it('is exactly the text of a single paragraph, line feeds and spaces included', () => {
    const typed = '  first line\n\nsecond\tline  \n';
    const document = new Y.Doc();
    const element = new Y.XmlElement('paragraph');
    document.getXmlFragment('default').insert(0, [element]);
    element.insert(0, [new Y.XmlText(typed)]);
    assert.equal(plainText(document), typed);
  });

  it('is one line per paragraph', () => {
    assert.equal(plainText(documentWith(lines('one', '', 'three'))), 'one\n\nthree');
  });

  it('is empty for an empty document', () => {
    assert.equal(plainText(new Y.Doc()), '');
  });
});

describe('title', () => {
  it('is shared', () => {
    const document = new Y.Doc();
    assert.equal(readTitle(document), '');
    writeTitle(document, ' Meeting\nnotes ');
    assert.equal(readTitle(document), 'Meeting notes');
  });

  it('writes nothing when it is the same', () => {
    const document = new Y.Doc();
    writeTitle(document, 'Notes');
    document.on('update', () => assert.fail('an update'));
    writeTitle(document, 'Notes');
  });

  it('is bounded, also when a client wrote more', () => {
    const document = new Y.Doc();
    document.getMap('meta').set('title', '🙂'.repeat(100_000));
    assert.equal(Array.from(readTitle(document)).length, MAX_TITLE_LENGTH);
  });

  for (const [kind, value] of Object.entries({ number: 5, object: { a: 1 }, null: null, list: [1], 'shared type': new Y.Text('x') })) {
    it(`is '' when a client wrote a ${kind}`, () => {
      const document = new Y.Doc();
      document.getMap('meta').set('title', value);
      assert.equal(readTitle(document), '');
    });
  }

  it("is '' when the root is of another type", () => {
    const document = new Y.Doc();
    document.getText('meta').insert(0, 'x');
    assert.equal(readTitle(document), '');
  });
});
