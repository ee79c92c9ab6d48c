import type { Editor } from '@tiptap/core';
import { adopt, sheet } from '../../dom.ts';
import { type Floating, float } from '../../floating.ts';
import imageToolsCss from '../../style/image-tools.css?inline';
import type { Assets } from '../assets/assets.ts';
import { shadowOf } from '../menus/fields.ts';
import { editImage } from './edit-image.ts';
import { imageBar } from './image-bar.ts';
import { ImageHandle } from './image-handle.ts';
import { type SelectedImage, selectedImage } from './selected-image.ts';

let styles: CSSStyleSheet | null = null;

/** What appears around an image that is selected by itself: a bar above it, and a handle for its width. Enter opens what is said of it. */
export class ImageTools {
  readonly #editor: Editor;
  readonly #root: ShadowRoot;
  readonly #assets: Assets;
  readonly #over = new AbortController();
  #shown: SelectedImage | null = null;
  #bar: { readonly dom: HTMLElement; readonly floating: Floating } | null = null;
  #handle: ImageHandle | null = null;
  #frame = 0;

  constructor(editor: Editor, root: ShadowRoot, assets: Assets) {
    this.#editor = editor;
    this.#root = root;
    this.#assets = assets;
    styles ??= sheet(imageToolsCss);
    adopt(root, styles);
    editor.on('transaction', this.#schedule);
    const { signal } = this.#over;
    editor.view.dom.addEventListener('keydown', (event) => this.#onKey(event), { signal, capture: true });
    this.#refresh();
  }

  destroy(): void {
    this.#over.abort();
    cancelAnimationFrame(this.#frame);
    this.#editor.off('transaction', this.#schedule);
    this.#hide();
  }

  // Once a frame: the image is where it will be then.
  readonly #schedule = () => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#editor.isDestroyed) this.#refresh();
    });
  };

  #refresh(): void {
    const selected = this.#editor.isEditable ? selectedImage(this.#editor.state) : null;
    if (selected?.node === this.#shown?.node && selected?.position === this.#shown?.position) {
      this.#bar?.floating.reposition();
      return;
    }
    const focused = this.#handle?.dom.matches(':focus') ?? false;
    const inBar = this.#bar?.dom.matches(':focus-within') ?? false;
    this.#hide();
    this.#shown = selected;
    if (selected === null) return;
    this.#show(selected);
    // A key on the handle, or a button of the bar, changed the image: both are made anew with it.
    if (focused) this.#handle?.dom.focus();
    if (inBar) this.#bar?.dom.querySelector('button')?.focus();
  }

  #show(selected: SelectedImage): void {
    const { view } = this.#editor;
    const element = view.nodeDOM(selected.position);
    const frame = element instanceof HTMLElement ? element.querySelector<HTMLElement>('.image-frame') : null;
    if (frame === null) return;
    const dom = imageBar(this.#editor, selected, this.#assets);
    const floating = float(dom, {
      root: this.#root,
      anchor: frame,
      placement: 'top',
      closeOnOutside: false,
      onClose: () => this.#closed(),
    });
    this.#bar = { dom, floating };
    const image = frame.querySelector('img');
    if (image === null) return;
    this.#handle = new ImageHandle(this.#editor, frame, image);
    image.addEventListener('load', () => this.#handle?.refresh(), { signal: this.#over.signal, once: true });
  }

  #hide(): void {
    this.#handle?.destroy();
    this.#handle = null;
    const bar = this.#bar;
    this.#bar = null;
    bar?.floating.close();
  }

  /** Escape in the bar. */
  #closed(): void {
    if (this.#bar === null) return;
    this.#bar = null;
    this.#editor.view.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (this.#shown === null || event.isComposing || event.target !== this.#editor.view.dom) return;
    const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
    const plain = !altKey && !shiftKey && !ctrlKey && !metaKey;
    if (key === 'Enter' && plain && shadowOf(this.#editor) !== null) editImage(this.#editor);
    else if (altKey && shiftKey && (key === 'ArrowUp' || key === 'ArrowDown')) this.#handle?.step(key);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
