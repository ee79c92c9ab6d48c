import { Node } from '@tiptap/core';

/** A label that every format can write as it is. */
export function isFootnoteLabel(label: unknown): label is string {
  return typeof label === 'string' && /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,99}$/u.test(label);
}

/** The nearest label that every format can write; '' of a text that has nothing of one. */
export function fitFootnoteLabel(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 100)
    .toWellFormed();
}

/** What two labels have in common when they name the same footnote, in whatever letters. */
export const footnoteKey = (label: unknown): string => String(label).toLowerCase().toUpperCase();

const label = {
  default: null,
  parseHTML: (element: HTMLElement) => element.getAttribute('data-footnote'),
  renderHTML: ({ label }: Record<string, unknown>) => ({ 'data-footnote': label }),
};

/** Where a footnote is called; `label` is that of its definition. */
export const FootnoteReference = Node.create({
  name: 'footnoteReference',
  group: 'inline',
  inline: true,
  atom: true,

  addAttributes: () => ({ label }),

  parseHTML() {
    return [{ tag: 'sup[data-footnote]', priority: 60 }];
  },

  renderHTML({ node, HTMLAttributes }) {
    return ['sup', HTMLAttributes, String(node.attrs.label ?? '')];
  },

  renderText({ node }) {
    return `[${node.attrs.label ?? ''}]`;
  },
});

/** What a footnote says. It stands anywhere among the blocks; exports move it to the end. */
export const FootnoteDefinition = Node.create({
  name: 'footnoteDefinition',
  group: 'block',
  content: 'block*',
  defining: true,

  addAttributes: () => ({ label }),

  parseHTML() {
    return [{ tag: 'div[data-footnote]' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['div', HTMLAttributes, 0];
  },
});
