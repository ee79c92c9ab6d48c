import * as Y from 'yjs';

/** What one person types: the same for everyone with the same Yjs client id, in whatever document. */
export interface Typist {
  /** Opens a paragraph of their own. */
  readonly opening: Uint8Array;
  /** The update of keystroke `index` from 0. Its clock is `FIRST_CLOCK + index`. */
  keystroke(index: number): Uint8Array;
}

/** The opening takes the clocks before: the paragraph, its text and a first letter. */
export const FIRST_CLOCK = 3;

const typists = new Map<number, Typist>();

/** The typist with this client id, made once. */
export function typist(clientId: number): Typist {
  const known = typists.get(clientId);
  if (known !== undefined) return known;
  const document = new Y.Doc();
  document.clientID = clientId;
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText('a');
  document.transact(() => {
    paragraph.insert(0, [text]);
    document.getXmlFragment('default').push([paragraph]);
  });
  const made: Typist = {
    opening: updates[0]!,
    keystroke: (index) => {
      while (updates.length < index + 2) text.insert(text.length, 'a');
      return updates[index + 1]!;
    },
  };
  typists.set(clientId, made);
  return made;
}
