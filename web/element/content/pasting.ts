import type { Editor } from '@tiptap/core';
import { DOMSerializer } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { pasteCells } from '../tables/paste-cells.ts';
import { loadPasteBehaviour, pasteBehaviourIfLoaded } from './paste-loader.ts';

/** Pastes and drops what other programs copy as what it means. Shift with the keys of pasting asks for the text alone. */
export function pasting(editor: Editor): Plugin {
  let plain = false;
  // Made before the view puts its own directions on the blocks.
  const serializer = DOMSerializer.fromSchema(editor.schema);
  const clipboardSerializer = Object.assign(Object.create(serializer) as DOMSerializer, {
    serializeFragment(...asked: Parameters<DOMSerializer['serializeFragment']>) {
      const copied = serializer.serializeFragment(...asked);
      pasteBehaviourIfLoaded()?.dressCopied(copied);
      return copied;
    },
  });
  return new Plugin({
    props: {
      clipboardSerializer,
      transformPastedHTML: (html) => (html.includes('data-pm-slice') ? (pasteBehaviourIfLoaded()?.undressed(html) ?? html) : html),
      handleDOMEvents: {
        keydown: (_view, { key, shiftKey, ctrlKey, metaKey }) => {
          plain = shiftKey && (ctrlKey || metaKey) && key.toLowerCase() === 'v';
          return false;
        },
        // Before the editor parses the HTML itself, which a strict policy of styles complains about.
        paste: (view, event) => {
          const taken = take(editor, view, event.clipboardData, plain);
          plain = false;
          if (taken) event.preventDefault();
          return taken;
        },
      },
      handlePaste: (view, _event, slice) => pasteCells(view, slice),
      handleDrop: (view, event, _slice, moved) => {
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        // What is dragged within the editor is moved by it.
        if (moved || at === null) return false;
        const before = view.state.selection;
        editor.commands.setTextSelection(at.pos);
        if (take(editor, view, event.dataTransfer, false)) {
          view.focus();
          return true;
        }
        view.dispatch(view.state.tr.setSelection(before));
        return false;
      },
    },
  });
}

function take(editor: Editor, view: EditorView, data: DataTransfer | null, plain: boolean): boolean {
  if (data === null || !view.editable || view.state.selection.$from.parent.type.spec.code === true) return false;
  const clipboard = {
    html: data.getData('text/html'),
    text: data.getData('text/plain'),
    vscode: data.getData('vscode-editor-data'),
    hasFiles: data.files.length > 0,
  };
  if (clipboard.html === '' && clipboard.text === '') return false;
  const behaviour = pasteBehaviourIfLoaded();
  if (behaviour !== null) return behaviour.takePaste(editor, clipboard, plain);
  // A picture cannot wait for it: its file is there for as long as the event.
  if (clipboard.hasFiles) return false;
  const native = () => {
    if (view.isDestroyed) return;
    if (clipboard.html === '' || plain) view.pasteText(clipboard.text);
    else view.pasteHTML(clipboard.html);
  };
  loadPasteBehaviour().then(({ takePaste }) => {
    if (!view.isDestroyed && !takePaste(editor, clipboard, plain)) native();
  }, native);
  return true;
}
