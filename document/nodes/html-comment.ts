import { Node } from '@tiptap/core';

/**
 * A comment of Markdown or HTML: kept where it stands and shown to nobody, so that a file that comes in and
 * goes out again has it still.
 */
function htmlComment(name: 'htmlComment' | 'inlineHtmlComment', tag: 'div' | 'span') {
  return Node.create({
    name,
    group: tag === 'span' ? 'inline' : 'block',
    inline: tag === 'span',
    atom: true,
    selectable: false,

    addAttributes() {
      return {
        text: {
          default: '',
          parseHTML: (element) => element.getAttribute('data-comment') ?? '',
          renderHTML: ({ text }) => ({ 'data-comment': text }),
        },
      };
    },

    parseHTML() {
      return [{ tag: `${tag}[data-comment]` }];
    },

    renderHTML({ HTMLAttributes }) {
      return [tag, { ...HTMLAttributes, hidden: '' }];
    },

    renderText: () => '',
  });
}

/** A comment on lines of its own; `text` is what stands between its signs. */
export const HtmlComment = htmlComment('htmlComment', 'div');

/** A comment within a line. */
export const InlineHtmlComment = htmlComment('inlineHtmlComment', 'span');

/** The text between a comment's signs, or `null` when that is not all a piece of HTML is. */
export function textOfComment(html: string): string | null {
  const text = /^<!--([\s\S]*)-->\s*$/.exec(html)?.[1];
  return text === undefined || /-->|--!>/.test(text) || /^-?>/.test(text) ? null : text;
}

/** A comment as HTML; what would end it early is written as an entity. */
export function writeComment(text: string): string {
  return `<!--${text
    .replace(/(--!?)>/g, '$1&gt;')
    .replace(/^(-?)>/, '$1&gt;')
    .replace(/<!--/g, '&lt;!--')}-->`;
}
