import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { NodeView, NodeViewConstructor } from '@tiptap/pm/view';
import { isSafeImage } from '../../../document/safe-url.ts';
import { h } from '../../dom.ts';
import type { Assets } from '../assets/assets.ts';

/** An image, loaded lazily and without telling its host who reads; its words where it cannot or may not be shown. */
export function imageView(assets: Assets): NodeViewConstructor {
  return (node) => new ImageView(node, assets);
}

class ImageView implements NodeView {
  readonly dom: HTMLElement;
  readonly #assets: Assets;
  /** What handles are put around. */
  readonly #frame = h('span', { class: 'image-frame' });
  readonly #caption = h('span', { class: 'image-caption' });
  #node: ProseMirrorNode;
  #image: HTMLImageElement | null = null;

  constructor(node: ProseMirrorNode, assets: Assets) {
    this.#node = node;
    this.#assets = assets;
    this.dom = h('span', { class: node.isInline ? 'image' : 'image image-block' }, this.#frame);
    this.#load();
    this.#dress();
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.#node.type) return false;
    const before = this.#node;
    this.#node = node;
    if (before.attrs.src !== node.attrs.src) this.#load();
    this.#dress();
    return true;
  }

  /** What is pressed on the handles is theirs. */
  stopEvent(event: Event): boolean {
    return event.composedPath().some((target) => target instanceof HTMLElement && target.classList.contains('image-handle'));
  }

  ignoreMutation(): boolean {
    return true;
  }

  #load(): void {
    const { src } = this.#node.attrs;
    const isHere = typeof src === 'string' && this.#assets.isHere(src);
    this.#image?.remove();
    this.#image = null;
    if (!isSafeImage(src)) {
      this.#refuse('not shown');
      return;
    }
    const image = h('img', {
      src: isHere ? null : src,
      loading: isHere ? null : 'lazy',
      decoding: 'async',
      referrerpolicy: 'no-referrer',
      // A browser would begin to drag the image's address, not the node.
      draggable: 'false',
      onload: () => this.#frame.classList.remove('image-awaited'),
      onerror: () => this.#refuse('not shown'),
    });
    this.#image = image;
    this.#frame.querySelector('.refused-image')?.remove();
    this.#frame.prepend(image);
    if (!isHere) return;
    this.#frame.classList.add('image-awaited');
    this.#assets.show(image, src, (sentence) => this.#image === image && this.#refuse(sentence));
  }

  /** Also for what may come later: it is in its place then. */
  #refuse(sentence: string): void {
    const { alt, src } = this.#node.attrs;
    const words = typeof alt === 'string' && alt !== '' ? alt : 'Image';
    this.#frame.classList.remove('image-awaited');
    this.#frame.querySelector('.refused-image')?.remove();
    this.#frame.prepend(h('span', { class: 'refused-image', title: src }, `${words} (${sentence})`));
  }

  #dress(): void {
    const { alt, title, width, height, caption, align } = this.#node.attrs;
    const set = (name: string, value: unknown) => {
      if (value === null || value === undefined) this.#image?.removeAttribute(name);
      else this.#image?.setAttribute(name, String(value));
    };
    set('alt', alt ?? '');
    set('title', title);
    // A share of the column is one of what the frame stands in: the frame itself is as wide as its image.
    const isShare = typeof width === 'string' && width.endsWith('%');
    this.#frame.style.inlineSize = isShare ? width : '';
    set('width', isShare ? '100%' : width);
    set('height', height);
    if (typeof align === 'string') this.dom.dataset.align = align;
    else delete this.dom.dataset.align;
    this.#caption.textContent = typeof caption === 'string' ? caption : '';
    if (this.#caption.textContent === '') this.#caption.remove();
    else this.dom.append(this.#caption);
  }
}
