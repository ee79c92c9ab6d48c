import { mergeAttributes, Node } from '@tiptap/core';
import { Image as BlockImage } from '@tiptap/extension-image';

/** `href` is the address a click leads to: marks, and so links, are not kept on nodes that are not text (y-tiptap). */
const href = {
  default: null,
  parseHTML: (element: HTMLElement) => element.getAttribute('data-href'),
  renderHTML: (attributes: Record<string, unknown>) => (attributes.href ? { 'data-href': attributes.href } : {}),
};

/** Words below an image. */
const caption = {
  default: null,
  parseHTML: (element: HTMLElement) => element.getAttribute('data-caption'),
  renderHTML: (attributes: Record<string, unknown>) => (attributes.caption ? { 'data-caption': attributes.caption } : {}),
};

/** Tiptap's block image, with `href`, `caption` and `align`, the side of the column where it stands. */
export const Image = BlockImage.extend({
  addAttributes() {
    return { ...this.parent?.(), href, caption, align: { default: null } };
  },
}).configure({ allowBase64: true });

/** An image within a line of text, such as a badge; the attributes are those of `image`. */
export const InlineImage = Node.create({
  name: 'inlineImage',
  group: 'inline',
  inline: true,
  atom: true,
  draggable: true,
  // Its rule is the narrower one of the two for `img`.
  priority: 110,

  addAttributes() {
    return {
      src: { default: null },
      alt: { default: null },
      title: { default: null },
      width: { default: null },
      height: { default: null },
      href,
    };
  },

  parseHTML() {
    return [{ tag: 'img[src][data-inline]' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['img', mergeAttributes(HTMLAttributes, { 'data-inline': '' })];
  },
});
