import { type Editor, Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { footnoteKey } from '../../../document/nodes/footnote.ts';
import { expandAroundCaret } from './details-view.ts';

/** How one gets about in collapsible sections and footnotes. */
export const Asides = Extension.create({
  name: 'asides',
  // Before the list and paragraph commands, which would part a summary in two.
  priority: 200,
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => leaveSummary(editor),
      Backspace: ({ editor }) => unwrapDetails(editor),
      // As a link is followed while one edits.
      'Mod-Enter': ({ editor }) => followSelectedFootnote(editor),
    };
  },
  addProseMirrorPlugins: () => [
    new Plugin({
      props: { handleClickOn: (view, _position, node, _nodePosition, _event, isDirect) => isDirect && followFootnote(view, node) },
      view: () => ({ update: (view, before) => !before.selection.eq(view.state.selection) && expandAroundCaret(view) }),
    }),
  ],
});

/** Whether the caret is in a summary, and how deep its section stands. */
function detailsDepth({ state }: Editor): number | null {
  const { $from, empty } = state.selection;
  return empty && $from.parent.type.name === 'detailsSummary' && $from.depth > 0 ? $from.depth - 1 : null;
}

/** What is behind the caret becomes the first paragraph of the section. */
function leaveSummary(editor: Editor): boolean {
  const depth = detailsDepth(editor);
  const paragraph = editor.schema.nodes.paragraph;
  if (depth === null || paragraph === undefined) return false;
  return editor.commands.command(({ tr }) => {
    const { $from } = tr.selection;
    const rest = $from.parent.content.cut($from.parentOffset);
    const end = $from.end();
    tr.delete($from.pos, end);
    const at = tr.mapping.map(end) + 1;
    tr.insert(at, paragraph.create(null, rest));
    tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView();
    return true;
  });
}

/** At the start of a summary: the section goes, and all it held stays. */
function unwrapDetails(editor: Editor): boolean {
  const depth = detailsDepth(editor);
  const paragraph = editor.schema.nodes.paragraph;
  if (depth === null || paragraph === undefined || editor.state.selection.$from.parentOffset > 0) return false;
  return editor.commands.command(({ tr }) => {
    const { $from } = tr.selection;
    const details = $from.node(depth);
    const start = $from.before(depth);
    const blocks: Node[] = details.children.map((child) =>
      child.type.name === 'detailsSummary' ? paragraph.create(null, child.content) : child,
    );
    tr.replaceWith(start, start + details.nodeSize, blocks);
    tr.setSelection(TextSelection.create(tr.doc, start + 1));
    return true;
  });
}

function followSelectedFootnote({ view, state }: Editor): boolean {
  const { $from } = state.selection;
  const node = [$from.nodeAfter, $from.nodeBefore].find((beside) => beside?.type.name === 'footnoteReference');
  return node !== undefined && node !== null && followFootnote(view, node);
}

/** Leads from the call of a footnote to what it says. */
function followFootnote(view: EditorView, node: Node): boolean {
  if (node.type.name !== 'footnoteReference') return false;
  const key = footnoteKey(node.attrs.label);
  let found: number | null = null;
  view.state.doc.descendants((other, position) => {
    if (found === null && other.type.name === 'footnoteDefinition' && footnoteKey(other.attrs.label) === key) found = position;
    return found === null && !other.isTextblock;
  });
  if (found === null) return false;
  const { tr, doc } = view.state;
  view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(found + 1))).scrollIntoView());
  view.focus();
  return true;
}
