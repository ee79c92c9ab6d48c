import { Node } from '@tiptap/core';

/** The kinds of callouts, which are those of GitHub's alerts. */
export const CALLOUT_KINDS = ['note', 'tip', 'important', 'warning', 'caution'] as const;

export type CalloutKind = (typeof CALLOUT_KINDS)[number];

export function isCalloutKind(kind: unknown): kind is CalloutKind {
  return (CALLOUT_KINDS as readonly unknown[]).includes(kind);
}

/** What a callout is headed by. */
export const calloutTitle = (kind: CalloutKind): string => `${kind[0]!.toUpperCase()}${kind.slice(1)}`;

/** Blocks set off from the text around them, under the name of their kind. */
export const Callout = Node.create({
  name: 'callout',
  group: 'block',
  content: 'block*',
  defining: true,

  addAttributes() {
    return {
      kind: {
        default: 'note',
        parseHTML: (element) => element.getAttribute('data-callout'),
        renderHTML: ({ kind }) => ({ 'data-callout': kind }),
      },
    };
  },

  parseHTML() {
    return [{ tag: 'div[data-callout]' }];
  },

  renderHTML({ HTMLAttributes }) {
    return ['div', HTMLAttributes, 0];
  },
});
