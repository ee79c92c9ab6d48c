import type { Editor } from '@tiptap/core';
import type * as Y from 'yjs';
import { CONTENT_ROOT, readContent } from '../../document/read.ts';
import { schema } from '../../document/schema.ts';
import { type EditorOptions, makeEditor, makeReader } from './make-editor.ts';
import { foreignNames, foreignNamesIn, type KnownNames } from './schema-guard.ts';
import type { Session } from './session.ts';

const KNOWN: KnownNames = { nodes: new Set(Object.keys(schema.nodes)), marks: new Set(Object.keys(schema.marks)) };

export interface ViewCallbacks {
  /** The editor on the screen is another one; `bound` when edits in it are shared. */
  readonly onEditor: (editor: Editor, bound: boolean) => void;
  /** The document holds names the schema lacks, or (none) was written under a later one; from here on it is only read. */
  readonly onForeign: (names: string[]) => void;
}

/**
 * Shows a session's document: an editor bound to it while the schema knows all that is in it, and an
 * unbound reader from the moment it does not. Binding to unknown content would delete it for everyone.
 */
export class DocumentView {
  editor: Editor | null = null;
  readonly #session: Session;
  readonly #options: EditorOptions;
  readonly #callbacks: ViewCallbacks;
  #foreign = false;
  #destroyed = false;

  /** To be made once the session has synced. */
  constructor(session: Session, options: EditorOptions, callbacks: ViewCallbacks) {
    this.#session = session;
    this.#options = options;
    this.#callbacks = callbacks;
    const names = foreignNames(this.#fragment, KNOWN);
    if (names.size > 0 || session.outdated) this.#read([...names]);
    else {
      session.document.on('beforeObserverCalls', this.#guard);
      this.editor = makeEditor(session, options);
      callbacks.onEditor(this.editor, true);
    }
  }

  /** Takes the editor off the document: a later schema may hold what this one would delete. */
  unbind(): void {
    if (this.#foreign) return;
    this.editor?.destroy();
    this.#read([]);
  }

  setEditable(editable: boolean): void {
    if (!this.#foreign) this.editor?.setEditable(editable, false);
  }

  destroy(): void {
    this.#destroyed = true;
    const { document } = this.#session;
    document.off('beforeObserverCalls', this.#guard);
    document.off('update', this.#refresh);
    this.editor?.destroy();
    this.editor = null;
  }

  get #fragment(): Y.XmlFragment {
    return this.#session.document.getXmlFragment(CONTENT_ROOT);
  }

  // Runs after a change was applied and before the editor's binding hears of it.
  readonly #guard = (transaction: Y.Transaction) => {
    if (transaction.local || this.#foreign) return;
    const names = foreignNamesIn(transaction, this.#fragment, KNOWN);
    if (names.size === 0) return;
    this.editor?.destroy();
    this.#read([...names]);
  };

  #read(names: string[]): void {
    this.#foreign = true;
    this.#session.foundForeignContent();
    this.#callbacks.onForeign(names);
    this.#session.document.on('update', this.#refresh);
    void this.#refresh();
  }

  readonly #refresh = async () => {
    const { conform } = await import('../../document/conform.ts');
    const { document } = this.#session;
    if (!this.#foreign || this.#destroyed) return;
    const content = conform(readContent(document), () => {});
    if (this.editor !== null && !this.editor.isDestroyed && !this.editor.isEditable) {
      this.editor.commands.setContent(content, { emitUpdate: false });
      return;
    }
    this.editor?.destroy();
    this.editor = makeReader(content, this.#options);
    this.#callbacks.onEditor(this.editor, false);
  };
}
