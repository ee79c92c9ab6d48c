import { Mark } from '@tiptap/core';

/** The anchor of a comment thread: the text it speaks of. Threads themselves live in the database. */
export const Comment = Mark.create({
  name: 'comment',
  inclusive: false,
  // Excludes nothing, not even itself: threads may overlap.
  excludes: '',

  addAttributes() {
    return {
      threadId: {
        default: null,
        parseHTML: (element) => element.getAttribute('data-thread-id'),
        renderHTML: ({ threadId }) => ({ 'data-thread-id': threadId }),
      },
    };
  },

  parseHTML() {
    return [{ tag: 'span[data-thread-id]' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['span', { class: 'comment', ...HTMLAttributes }, 0];
  },
});
