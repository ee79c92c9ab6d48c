import type { Editor, JSONContent } from '@tiptap/core';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';
import { pasteCells } from '../tables/paste-cells.ts';
import { type Clipboard, type Flavour, flavourOf } from './flavour.ts';
import { loadHtml } from './html-loader.ts';
import { looksLikeMarkdown } from './markdown-likeness.ts';
import { loadMarkdown } from './markdown-loader.ts';

export { dressCopied, undressed } from './copied-html.ts';

/** Pastes what is on the clipboard; false for what the editor itself is to paste. A chunk of its own. */
export function takePaste(editor: Editor, clipboard: Clipboard, plain: boolean): boolean {
  const { view } = editor;
  const flavour = flavourOf(clipboard, plain);
  if (flavour.kind === 'native') return false;
  void read(clipboard, flavour).then(
    async ({ content, warnings }) => {
      if (view.isDestroyed || !view.editable) return;
      insert(view, content);
      if (warnings.length > 0) (await loadHtml()).showPasteNote(view, warnings, () => editor.commands.undo());
    },
    // If the converter cannot be fetched, or cannot read it, the words themselves are not lost.
    () => {
      if (!view.isDestroyed && view.editable) view.pasteText(clipboard.text);
    },
  );
  return true;
}

interface Read {
  readonly content: JSONContent;
  readonly warnings: readonly string[];
}

async function read(clipboard: Clipboard, flavour: Flavour): Promise<Read> {
  const { html, text } = clipboard;
  const doc = (content: JSONContent[]): Read => ({ content: { type: 'doc', content }, warnings: [] });
  switch (flavour.kind) {
    case 'code': {
      const code = text.replace(/\r\n?/g, '\n').replace(/^\n+|\s+$/g, '');
      return doc([{ type: 'codeBlock', attrs: { language: flavour.language }, content: [{ type: 'text', text: code }] }]);
    }
    case 'html': {
      const { readHtml, isPlain } = await loadHtml();
      const content = await readHtml(html);
      // A wrapper around the same text says nothing that the text does not say better.
      return isPlain(content.content) && looksLikeMarkdown(text) ? read(clipboard, { kind: 'markdown' }) : content;
    }
    case 'markdown': {
      const { readMarkdown, withDollars } = await loadMarkdown();
      return { content: readMarkdown(withDollars(text)), warnings: [] };
    }
    default: {
      const { paragraphsOf } = await loadMarkdown();
      return doc(paragraphsOf(text));
    }
  }
}

function insert(view: EditorView, content: JSONContent): void {
  const node = view.state.schema.nodeFromJSON(content);
  // Open at both ends where text stands there: the first and last paragraph join the line they are pasted into.
  const open = (edge: ProseMirrorNode | null) => (edge?.type.name === 'paragraph' ? 1 : 0);
  const slice = node.slice(open(node.firstChild), node.content.size - open(node.lastChild));
  if (pasteCells(view, slice)) return;
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta('paste', true));
}
