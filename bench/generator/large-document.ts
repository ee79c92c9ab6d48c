import * as Y from 'yjs';

const PARAGRAPHS = 2_000;
const WORD = 'collaboration ';

/** The state of a document of many long paragraphs, about `bytes` long. */
export function largeDocument(bytes: number): Uint8Array {
  const document = new Y.Doc();
  document.clientID = 1_000_000;
  const sentence = WORD.repeat(Math.ceil(bytes / PARAGRAPHS / WORD.length));
  document.transact(() => {
    const paragraphs = Array.from({ length: PARAGRAPHS }, () => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(sentence)]);
      return paragraph;
    });
    document.getXmlFragment('default').push(paragraphs);
  });
  const state = Y.encodeStateAsUpdate(document);
  document.destroy();
  return state;
}
