import type { Editor } from '@tiptap/core';
import { h } from '../../dom.ts';
import { type Floating, float } from '../../floating.ts';
import { icon } from '../../icons.ts';
import { moved } from '../../roving.ts';
import { insertFiles, insertImage, insertMath } from './fields.ts';
import { findItems, type SlashItem, slashItems } from './slash-items.ts';
import type { SlashMatch, SlashView } from './slash-trigger.ts';

/**
 * The menu that "/" opens: a listbox that the editor points at with `aria-activedescendant`, so that
 * the focus and the typing stay in the text.
 */
export class SlashMenu implements SlashView {
  readonly #editor: Editor;
  readonly #root: ShadowRoot;
  readonly #all = slashItems((field, editor) => {
    if (field === 'image') insertImage(editor);
    else if (field === 'pictures' || field === 'files') insertFiles(editor, field);
    else insertMath(editor, field);
  });
  readonly #list = h('div', { class: 'menu', role: 'listbox', id: 'slash-menu', 'aria-label': 'Insert' });
  #floating: Floating | null = null;
  #items: SlashItem[] = [];
  #match: SlashMatch | null = null;
  #chosen = 0;

  constructor(editor: Editor, root: ShadowRoot) {
    this.#editor = editor;
    this.#root = root;
  }

  show(match: SlashMatch | null): void {
    this.#items = match === null ? [] : findItems(this.#all, match.query);
    if (match?.query !== this.#match?.query) this.#chosen = 0;
    this.#match = match;
    if (this.#items.length === 0) {
      this.#floating?.close();
      return;
    }
    this.#open();
    this.#list.replaceChildren(...this.#items.map((item, index) => this.#option(item, index)));
    this.#floating?.reposition();
    this.#point();
  }

  onKey(event: KeyboardEvent): boolean {
    if (this.#floating === null) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.#chosen = moved(this.#chosen, this.#items.length, event.key === 'ArrowDown' ? 'next' : 'previous');
      this.#point();
      return true;
    }
    if (event.key !== 'Enter' && event.key !== 'Tab') return false;
    this.#choose(this.#items[this.#chosen]);
    return true;
  }

  #open(): void {
    if (this.#floating !== null) return;
    const { dom } = this.#editor.view;
    this.#floating = float(this.#list, {
      root: this.#root,
      anchor: { contextElement: dom, getBoundingClientRect: () => this.#rect() },
      onClose: () => {
        this.#floating = null;
        dom.removeAttribute('aria-controls');
        dom.removeAttribute('aria-activedescendant');
      },
    });
    dom.setAttribute('aria-controls', 'slash-menu');
  }

  #rect(): DOMRect {
    const { view, state } = this.#editor;
    const { left, top, bottom } = view.coordsAtPos(Math.min(this.#match?.range.from ?? 0, state.doc.content.size));
    return new DOMRect(left, top, 1, bottom - top);
  }

  #option(item: SlashItem, index: number): HTMLElement {
    return h(
      'div',
      {
        role: 'option',
        id: `slash-${index}`,
        // The press would take the focus, and with it the place to insert at.
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.#choose(item),
        onpointermove: () => {
          if (this.#chosen === index) return;
          this.#chosen = index;
          this.#point();
        },
      },
      icon(item.icon),
      h('span', { class: 'label' }, item.label),
      item.hint !== '' && h('span', { class: 'hint' }, item.hint),
    );
  }

  #choose(item: SlashItem | undefined): void {
    if (item !== undefined && this.#match !== null) item.run(this.#editor, this.#match.range);
  }

  #point(): void {
    [...this.#list.children].forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === this.#chosen));
      if (index === this.#chosen) option.scrollIntoView({ block: 'nearest' });
    });
    this.#editor.view.dom.setAttribute('aria-activedescendant', `slash-${this.#chosen}`);
  }
}
