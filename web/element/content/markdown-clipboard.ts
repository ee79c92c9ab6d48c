import type { JSONContent } from '@tiptap/core';
import { Fragment, type Node as ProseMirrorNode, type Slice } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { markdownIfLoaded } from './markdown-loader.ts';

/** What is copied leaves as Markdown beside its HTML. */
export function markdownClipboard(): Plugin {
  return new Plugin({
    props: {
      // The converter is fetched while the page is idle; until then text leaves as ProseMirror writes it.
      clipboardTextSerializer: (slice, view) => {
        const toMarkdown = markdownIfLoaded()?.writeMarkdown;
        const inline = slice.content.childCount === 1 && (slice.openStart > 0 || slice.openEnd > 0);
        if (toMarkdown === undefined || inCode(view) || inline) return slice.content.textBetween(0, slice.content.size, '\n\n', leafText);
        return toMarkdown(documentOf(view, slice)).trimEnd();
      },
    },
  });
}

function documentOf(view: EditorView, slice: Slice): JSONContent {
  const { schema } = view.state;
  const doc = schema.topNodeType.createAndFill(null, Fragment.from(slice.content));
  return (doc ?? schema.topNodeType.create(null, slice.content)).toJSON();
}

function leafText(node: ProseMirrorNode): string {
  return node.type.name === 'hardBreak' ? '\n' : String(node.attrs.latex ?? node.attrs.alt ?? '');
}

function inCode(view: EditorView): boolean {
  return view.state.selection.$from.parent.type.spec.code === true;
}
