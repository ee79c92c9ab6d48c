import type { Editor } from '@tiptap/core';
import { h } from '../../dom.ts';
import { boundedWidth, MIN_WIDTH, widthByDrag, widthByKey } from './image-width.ts';
import { type SelectedImage, selectedImage } from './selected-image.ts';

/** The handle at the end of a selected image: dragged, or moved with the arrow keys, it sets the width. Twice pressed, it gives the picture its own. */
export class ImageHandle {
  readonly dom: HTMLButtonElement;
  readonly #editor: Editor;
  readonly #frame: HTMLElement;
  readonly #image: HTMLImageElement;
  readonly #label = h('span', { class: 'image-width', 'aria-hidden': 'true', hidden: true });

  constructor(editor: Editor, frame: HTMLElement, image: HTMLImageElement) {
    this.#editor = editor;
    this.#frame = frame;
    this.#image = image;
    this.dom = h('button', {
      type: 'button',
      class: 'image-handle',
      role: 'slider',
      'aria-label': 'Width of the image',
      'aria-orientation': 'horizontal',
      title: 'Drag, or use the arrow keys',
      onpointerdown: (event) => this.#drag(event),
      onkeydown: (event) => this.#onKey(event),
      ondblclick: () => this.#set(null),
    });
    frame.append(this.dom, this.#label);
    this.refresh();
  }

  refresh(): void {
    const width = Math.round(this.#image.getBoundingClientRect().width);
    const now = { min: MIN_WIDTH, max: this.#column, now: width };
    for (const [name, value] of Object.entries(now)) this.dom.setAttribute(`aria-value${name}`, String(value));
    this.dom.setAttribute('aria-valuetext', `${width} pixels`);
  }

  /** Makes the image wider or narrower by a step. */
  step(key: 'ArrowUp' | 'ArrowDown'): void {
    this.#set(widthByKey(key, this.#width, this.#column, false));
  }

  destroy(): void {
    this.#image.style.removeProperty('inline-size');
    this.dom.remove();
    this.#label.remove();
  }

  get #width(): number {
    return this.#image.getBoundingClientRect().width;
  }

  /** The room there is: an image in a line has its paragraph, one by itself the block it is. */
  get #column(): number {
    const block =
      this.#frame.closest('.image-block') ?? this.#frame.closest('p, h1, h2, h3, h4, h5, h6, td, th, li') ?? this.#editor.view.dom;
    return Math.round(block.getBoundingClientRect().width);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' || event.key === 'Enter') {
      event.preventDefault();
      this.#editor.view.focus();
      return;
    }
    const width = widthByKey(event.key, this.#width, this.#column, getComputedStyle(this.#frame).direction === 'rtl');
    if (width === null) return;
    event.preventDefault();
    this.#set(width);
  }

  #drag(begin: PointerEvent): void {
    if (begin.button !== 0) return;
    begin.preventDefault();
    const [width, column] = [this.#width, this.#column];
    const forward = getComputedStyle(this.#frame).direction === 'rtl' ? -1 : 1;
    const isCentred = this.#frame.parentElement?.matches('.image-block:not([data-align="left"], [data-align="right"])') ?? false;
    let last = Math.round(width);
    const share = this.#frame.style.inlineSize;
    const move = (event: PointerEvent) => {
      last = widthByDrag((event.clientX - begin.clientX) * forward, width, column, isCentred);
      // Not in the document while it is dragged: others see the width that was meant.
      this.#frame.style.inlineSize = 'auto';
      this.#image.style.setProperty('inline-size', `${last}px`);
      this.#label.textContent = `${last} px`;
      this.#label.hidden = false;
    };
    const over = new AbortController();
    const end = (event: PointerEvent) => {
      over.abort();
      this.#label.hidden = true;
      this.#image.style.removeProperty('inline-size');
      this.#frame.style.inlineSize = share;
      if (event.type === 'pointerup' && last !== Math.round(width)) this.#set(last);
    };
    this.dom.setPointerCapture(begin.pointerId);
    for (const [type, listener] of [
      ['pointermove', move],
      ['pointerup', end],
      ['pointercancel', end],
    ] as const) {
      this.dom.addEventListener(type, listener, { signal: over.signal });
    }
  }

  #set(width: number | null): void {
    const { state, view } = this.#editor;
    const selected: SelectedImage | null = selectedImage(state);
    if (selected === null) return;
    const value = width === null ? null : boundedWidth(width, this.#column);
    view.dispatch(state.tr.setNodeAttribute(selected.position, 'width', value).setNodeAttribute(selected.position, 'height', null));
  }
}
