import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import type { DecorationSet, EditorView } from '@tiptap/pm/view';
import type { UploadAnchor } from './upload-anchors.ts';

/** What uploads ask of whoever has the document open. */
export interface UploadHost {
  /** Whether a picture by this address is no good to others: only this browser has it, or it is another document's. */
  isForeign(src: string): boolean;
  /** Uploads what is anchored in the editor. */
  follow(view: EditorView): void;
}

/** What the plugin of uploads does once it is loaded. */
export interface UploadBehaviour {
  readonly apply: (transaction: Transaction, anchors: readonly UploadAnchor[], state: EditorState) => readonly UploadAnchor[];
  readonly decorations: (state: EditorState) => DecorationSet | null;
  /** False: the event is not about files. */
  readonly take: (view: EditorView, transfer: DataTransfer | null, position: number) => boolean;
  readonly add: (view: EditorView, files: readonly File[], position: number) => void;
  readonly dropPlace: (view: EditorView, event: DragEvent) => number;
  readonly append: (transactions: readonly Transaction[], before: EditorState, state: EditorState) => Transaction | null;
  readonly update: (view: EditorView, before: EditorState) => void;
}

export const uploadsKey = new PluginKey<readonly UploadAnchor[]>('uploads');

/** What is on its way up, in the order in which it came. */
export function uploadAnchors(state: EditorState): readonly UploadAnchor[] {
  return uploadsKey.getState(state) ?? [];
}

/**
 * The place of the plugin of uploads, whose code comes with the toolbar: a plugin that is added later would have every other one
 * begin anew, and the document be drawn again.
 */
export function uploadSlot(behaviour: () => UploadBehaviour | null, load: () => Promise<UploadBehaviour>): Plugin {
  const take = (view: EditorView, transfer: DataTransfer | null, placeOf: (loaded: UploadBehaviour) => number) => {
    if (!view.editable || transfer === null || transfer.files.length === 0) return false;
    const loaded = behaviour();
    if (loaded !== null) return loaded.take(view, transfer, placeOf(loaded));
    if (transfer.types.includes('text/html')) return false;
    // What is handed over can be read at this moment only.
    const files = [...transfer.files];
    void load().then((late) => !view.isDestroyed && late.add(view, files, placeOf(late)));
    return true;
  };
  return new Plugin<readonly UploadAnchor[]>({
    key: uploadsKey,
    state: {
      init: () => [],
      apply: (transaction, anchors, _before, state) => behaviour()?.apply(transaction, anchors, state) ?? anchors,
    },
    props: {
      decorations: (state) => behaviour()?.decorations(state),
      handleDOMEvents: {
        // Before those who read what else is on the clipboard, which is done at this event as well.
        paste: (view, event) => {
          const taken = take(view, event.clipboardData, () => view.state.selection.from);
          if (taken) event.preventDefault();
          return taken;
        },
      },
      handleDrop: (view, event, _slice, moved) =>
        !moved && view.dragging === null && take(view, event.dataTransfer, ({ dropPlace }) => dropPlace(view, event)),
    },
    appendTransaction: (transactions, before, state) => behaviour()?.append(transactions, before, state),
    view: () => ({ update: (view, before) => behaviour()?.update(view, before) }),
  });
}
