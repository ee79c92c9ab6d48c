import type { JSONContent } from '@tiptap/core';
import { Fragment, type Node as ProseMirrorNode, Slice } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { looksLikeMarkdown } from '../markdown-likeness.ts';
import { loadMarkdown, markdownIfLoaded } from './markdown-loader.ts';

/** Plain text that clearly is Markdown is pasted as what it means; what is copied leaves as Markdown beside its HTML. */
export function markdownClipboard(): Plugin {
  return new Plugin({
    props: {
      handlePaste: (view, event) => {
        const data = event.clipboardData;
        const text = data?.getData('text/plain') ?? '';
        if (data === null || data.types.includes('text/html') || inCode(view) || !looksLikeMarkdown(text)) return false;
        void loadMarkdown().then(({ readMarkdown }) => {
          if (!view.isDestroyed && view.editable) paste(view, readMarkdown(text));
        });
        return true;
      },
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

function paste(view: EditorView, content: JSONContent): void {
  const node = view.state.schema.nodeFromJSON(content);
  // Open at both ends where text stands there: the first and last paragraph join the line they are pasted into.
  const open = (edge: ProseMirrorNode | null) => (edge?.type.name === 'paragraph' ? 1 : 0);
  const slice = new Slice(node.content, open(node.firstChild), open(node.lastChild));
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta('paste', true));
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
