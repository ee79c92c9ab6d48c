import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { NodeView, NodeViewConstructor } from '@tiptap/pm/view';
import { isSafeImage } from '../../../document/safe-url.ts';
import { h } from '../../dom.ts';

/** An image, loaded lazily and without telling its host who reads; its words where it cannot or may not be shown. */
export const imageView: NodeViewConstructor = (node) => new ImageView(node);

class ImageView implements NodeView {
  readonly dom: HTMLElement;
  #node: ProseMirrorNode;

  constructor(node: ProseMirrorNode) {
    this.#node = node;
    this.dom = h('span', { class: node.isInline ? 'image' : 'image image-block' });
    this.#show();
  }

  update(node: ProseMirrorNode): boolean {
    if (node.type !== this.#node.type) return false;
    this.#node = node;
    this.#show();
    return true;
  }

  ignoreMutation(): boolean {
    return true;
  }

  #show(): void {
    const { src, alt, title, width, height } = this.#node.attrs;
    const words = typeof alt === 'string' && alt !== '' ? alt : 'Image';
    const refused = () => this.dom.replaceChildren(h('span', { class: 'refused-image', title: src }, `${words} (not shown)`));
    if (!isSafeImage(src)) refused();
    else
      this.dom.replaceChildren(
        h('img', {
          src,
          alt: alt ?? '',
          title,
          width,
          height,
          loading: 'lazy',
          decoding: 'async',
          referrerpolicy: 'no-referrer',
          onerror: refused,
        }),
      );
  }
}
