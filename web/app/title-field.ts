import type * as Y from 'yjs';
import { MAX_TITLE_LENGTH, META_ROOT, readTitle, writeTitle } from '../../document/title.ts';
import { h } from '../dom.ts';

/** The title, edited in place and shared live: Enter goes on to the text, Escape takes the edit back. */
export class TitleField {
  readonly input: HTMLInputElement;
  #document: Y.Doc | null = null;
  #before = '';
  readonly #onTitle: (title: string) => void;

  constructor(placeholder: string, onTitle: (title: string) => void, onEnter: () => void) {
    this.#onTitle = onTitle;
    this.input = h('input', {
      class: 'title-field',
      dir: 'auto',
      'aria-label': 'Title',
      placeholder,
      maxlength: MAX_TITLE_LENGTH,
      autocomplete: 'off',
      disabled: true,
      onfocus: () => {
        this.#before = this.input.value;
      },
      oninput: () => this.#write(),
      onblur: () => this.#show(),
      onkeydown: (event) => {
        if (event.isComposing) return;
        if (event.key === 'Escape') {
          this.input.value = this.#before;
          this.#write();
        } else if (event.key !== 'Enter') return;
        event.preventDefault();
        onEnter();
      },
    });
  }

  /** Binds the field to a document whose state has arrived. */
  bind(document: Y.Doc): void {
    if (this.#document === document) return;
    this.destroy();
    this.#document = document;
    document.getMap(META_ROOT).observe(this.#show);
    this.input.disabled = false;
    this.#show();
  }

  /** Whether the user may change it; it can be read and selected all the same. */
  setEditable(editable: boolean): void {
    this.input.readOnly = !editable;
  }

  destroy(): void {
    this.#document?.getMap(META_ROOT).unobserve(this.#show);
    this.#document = null;
  }

  #write(): void {
    if (this.#document !== null) writeTitle(this.#document, this.input.value);
  }

  readonly #show = () => {
    if (this.#document === null) return;
    const title = readTitle(this.#document);
    // While somebody types here their spaces stay; what is written is trimmed.
    if (this.input.value.trim() !== title) this.input.value = title;
    this.#onTitle(title);
  };
}
