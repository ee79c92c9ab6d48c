import type { Editor, Range } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import type { CalloutKind } from '../../../document/nodes/callout.ts';

/** Puts the block into a callout, or makes the callout around it one of another kind. */
export function setCallout(editor: Editor, range: Range, kind: CalloutKind): void {
  const chain = editor.chain().focus().deleteRange(range);
  if (editor.isActive('callout')) chain.updateAttributes('callout', { kind }).run();
  else chain.wrapIn('callout', { kind }).run();
}

/** Puts an empty section in place of the block, its summary to be written. */
export function insertDetails(editor: Editor, range: Range): void {
  const { detailsSummary, details, paragraph } = editor.schema.nodes;
  if (detailsSummary === undefined || details === undefined || paragraph === undefined) return;
  editor.view.focus();
  editor.commands.command(({ tr }) => {
    tr.delete(range.from, range.to);
    const { $from } = tr.selection;
    const { parent } = $from;
    // The line it was asked for in becomes the summary.
    const made = details.create({ open: true }, [detailsSummary.create(null, parent.content), paragraph.create()]);
    const start = $from.before();
    tr.replaceRangeWith(start, start + parent.nodeSize, made);
    tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(start + 2 + parent.content.size, tr.doc.content.size)), -1));
    return true;
  });
}

/** Calls a new footnote at the caret and goes on in what it says, at the end of the document. */
export function insertFootnote(editor: Editor, range: Range): void {
  const { footnoteReference, footnoteDefinition, paragraph } = editor.schema.nodes;
  if (footnoteReference === undefined || footnoteDefinition === undefined || paragraph === undefined) return;
  const taken = new Set<string>();
  editor.state.doc.descendants(({ type, attrs }) => {
    if (type === footnoteReference || type === footnoteDefinition) taken.add(String(attrs.label));
  });
  let number = 1;
  while (taken.has(String(number))) number++;
  const label = String(number);
  editor.view.focus();
  editor.commands.command(({ tr }) => {
    // The menu opens after a space only; a footnote is called without one.
    const isSpaced = tr.doc.textBetween(Math.max(range.from - 1, 0), range.from) === ' ';
    tr.replaceRangeWith(range.from - (isSpaced ? 1 : 0), range.to, footnoteReference.create({ label }));
    const end = tr.doc.content.size;
    tr.insert(end, footnoteDefinition.create({ label }, paragraph.create()));
    tr.setSelection(TextSelection.near(tr.doc.resolve(end + 2))).scrollIntoView();
    return true;
  });
}
