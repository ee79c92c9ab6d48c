import type { Node } from '@tiptap/core';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { updateColumnsOnResize } from '@tiptap/pm/tables';
import type { NodeView } from '@tiptap/pm/view';
import { h } from '../../dom.ts';

/** No column is narrower, px. */
export const MIN_COLUMN_PX = 48;

/** Tiptap's tables as they are shown here. */
export function shownTables(table: Node): Node {
  return table.extend({ addNodeView: () => (props) => tableView(props.node) });
}

/** A table in a box of its own that scrolls sideways where the screen is too narrow. */
function tableView(node: ProseMirrorNode): NodeView {
  const columns = h('colgroup');
  const contentDOM = h('tbody');
  const table = h('table', {}, columns, contentDOM);
  const dom = h('div', { class: 'table-scroll' }, table);
  const isContent = (target: globalThis.Node) => contentDOM.contains(target);
  updateColumnsOnResize(node, columns, table, MIN_COLUMN_PX);
  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type !== node.type) return false;
      updateColumnsOnResize(next, columns, table, MIN_COLUMN_PX);
      return true;
    },
    ignoreMutation: ({ type, target }) =>
      type !== 'selection' && (columns.contains(target) || (type === 'attributes' && !isContent(target))),
  };
}
