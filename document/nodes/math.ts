import { Node } from '@tiptap/core';

/**
 * Math as LaTeX source, under the names and attributes of `@tiptap/extension-mathematics`. That
 * package imports KaTeX (77 kB gzip) with its nodes; these leave the drawing to what shows them.
 */
function math(name: 'inlineMath' | 'blockMath', tag: 'span' | 'div', dataType: string) {
  return Node.create({
    name,
    group: name === 'inlineMath' ? 'inline' : 'block',
    inline: name === 'inlineMath',
    atom: true,

    addAttributes() {
      return {
        latex: {
          default: '',
          parseHTML: (element) => element.getAttribute('data-latex') ?? '',
          renderHTML: ({ latex }) => ({ 'data-latex': latex }),
        },
      };
    },

    parseHTML() {
      return [{ tag: `${tag}[data-type="${dataType}"]` }];
    },

    renderHTML({ node, HTMLAttributes }) {
      return [tag, { ...HTMLAttributes, 'data-type': dataType }, String(node.attrs.latex)];
    },

    renderText({ node }) {
      return String(node.attrs.latex);
    },
  });
}

/** A formula within a line; `latex` is its source without delimiters. */
export const InlineMath = math('inlineMath', 'span', 'inline-math');

/** A displayed formula; `latex` is its source without delimiters. */
export const BlockMath = math('blockMath', 'div', 'block-math');
