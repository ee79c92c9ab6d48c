import type { InkwireEditorElement } from '../package/index.d.ts';
import { ApiError, deleteDocument } from './api.ts';
import { confirmDelete, nameDialog } from './dialogs.ts';
import { chooseName, chosenName } from './own-name.ts';
import { toast } from './toast.ts';

/** What a person does to a document, or to themselves in it, from its page. */
export class DocumentCommands {
  readonly #name: string;
  readonly #editor: InkwireEditorElement;
  readonly #shownTitle: () => string;
  readonly #onDeleted: () => void;

  constructor(name: string, editor: InkwireEditorElement, shownTitle: () => string, onDeleted: () => void) {
    this.#name = name;
    this.#editor = editor;
    this.#shownTitle = shownTitle;
    this.#onDeleted = onDeleted;
  }

  /** Asks for another name of this tab's user. */
  async rename(): Promise<void> {
    const asked = await nameDialog(chosenName());
    // Connects anew, and a visitor's token is made anew with it.
    if (asked !== null) this.#editor.setAttribute('guest-name', chooseName(asked));
  }

  /** Deletes the document, once that was confirmed. */
  async remove(): Promise<void> {
    const called = this.#shownTitle();
    if (!(await confirmDelete(called))) return;
    try {
      await deleteDocument(this.#name);
      this.#onDeleted();
      toast(`Deleted “${called}”`);
    } catch (error) {
      toast(error instanceof ApiError ? error.message : 'The document could not be deleted.');
    }
  }

  copyMarkdown(): Promise<void> {
    return copy(this.#editor.getMarkdown(), 'Copied as Markdown');
  }
}

/** Puts a text on the clipboard, and says so. */
export async function copy(text: string | Promise<string>, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(await text);
    toast(done);
  } catch {
    toast('The browser did not allow copying.');
  }
}
