import type { NodeViewConstructor } from '@tiptap/pm/view';
import { h } from '../../dom.ts';

/** A table in a box of its own that scrolls sideways where the screen is too narrow. */
export const tableView: NodeViewConstructor = (node) => {
  const contentDOM = h('tbody');
  const dom = h('div', { class: 'table-scroll' }, h('table', {}, contentDOM));
  return {
    dom,
    contentDOM,
    update: (next) => next.type === node.type,
    ignoreMutation: (mutation) => mutation.type === 'attributes' && !contentDOM.contains(mutation.target),
  };
};
