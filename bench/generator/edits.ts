import * as Y from 'yjs';

/** [position, characters deleted, text inserted]; positions are Unicode code points. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** One keystroke, or what an editor did at once. */
export interface Edit {
  readonly patches: readonly Patch[];
}

/** Edits as the Yjs updates their author's provider would send, one each. */
export interface Updates {
  readonly count: number;
  /** The text they come to. */
  readonly text: string;
  /** Update number `index` of 0 … count − 1, format V1. */
  at(index: number): Uint8Array;
}

/**
 * Types edits into the first paragraph of an empty document and keeps the update of each. The first
 * one makes the paragraph too. An editor's document has its text there, so an element could open it.
 */
export function typeEdits(edits: readonly Edit[]): Updates {
  const document = new Y.Doc();
  document.clientID = 1;
  const text = new Y.XmlText();
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (const [index, { patches }] of edits.entries()) {
    document.transact(() => {
      if (index === 0) openParagraph(document, text);
      for (const [at, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(at, deleted);
        if (inserted !== '') text.insert(at, inserted);
      }
    });
  }
  if (updates.length !== edits.length) throw new Error(`${edits.length} edits made ${updates.length} updates: some change nothing.`);
  const typed = text.toString();
  document.destroy();
  return { count: updates.length, text: typed, at: (index) => updates[index]! };
}

function openParagraph(document: Y.Doc, text: Y.XmlText): void {
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  document.getXmlFragment('default').insert(0, [paragraph]);
}

/** The document as it is after the first `count` updates, as one update. */
export function stateAfter(updates: Updates, count: number): Uint8Array {
  const document = new Y.Doc();
  for (let index = 0; index < count; index++) Y.applyUpdate(document, updates.at(index));
  const state = Y.encodeStateAsUpdate(document);
  document.destroy();
  return state;
}

/** The text of the first paragraph of a document, from its whole state. '' when there is none. */
export function textOf(state: Uint8Array): string {
  const document = new Y.Doc();
  Y.applyUpdate(document, state);
  const paragraph = document.getXmlFragment('default').get(0);
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  const typed = text instanceof Y.XmlText ? text.toString() : '';
  document.destroy();
  return typed;
}
