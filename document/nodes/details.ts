import { Node } from '@tiptap/core';

/**
 * A collapsible section: blocks under a summary, which is the first child. `open` says whether they are shown at
 * first; who expands them does so on one screen.
 */
export const Details = Node.create({
  name: 'details',
  group: 'block',
  content: '(detailsSummary | block)*',
  defining: true,

  addAttributes() {
    return {
      open: {
        default: false,
        parseHTML: (element) => element.hasAttribute('open'),
        renderHTML: ({ open }) => (open ? { open: '' } : {}),
      },
    };
  },

  parseHTML() {
    return [{ tag: 'details' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['details', HTMLAttributes, 0];
  },
});

/** The line that stands for a collapsed section. */
export const DetailsSummary = Node.create({
  name: 'detailsSummary',
  content: 'inline*',
  defining: true,
  selectable: false,

  parseHTML() {
    return [{ tag: 'summary' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['summary', HTMLAttributes, 0];
  },
});
