import type { NodeType, Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';

/** What goes up: a file, or a picture that was pasted by an address only this browser, or another document, has. */
export type UploadSource = { readonly file: File } | { readonly image: ProseMirrorNode };

/** Where something is to stand that is still on its way up. It is nobody else's business, and so in no document. */
export interface UploadAnchor {
  /** Grows with each: of two at one place the later stands behind the earlier. */
  readonly id: number;
  readonly position: number;
  readonly source: UploadSource;
  /** What stands there meanwhile. */
  readonly dom: HTMLElement;
  /** The place as Yjs knows it; `null` until Yjs was asked, `undefined` where it has no answer. */
  readonly relative: unknown;
}

/** What a transaction says of anchors. */
export interface AnchorChange {
  readonly add?: readonly Omit<UploadAnchor, 'relative'>[];
  /** Has been put into the text, or given up. */
  readonly remove?: number;
}

/** Anchors after a transaction. What others write replaces the whole document, as far as its steps say: Yjs knows the places then. */
export function movedAnchors(
  anchors: readonly UploadAnchor[],
  transaction: Transaction,
  state: EditorState,
  change: AnchorChange,
): UploadAnchor[] {
  const remote = transaction.getMeta(ySyncPluginKey) !== undefined;
  const kept = anchors.filter(({ id }) => id !== change.remove);
  if (!transaction.docChanged) return kept;
  const end = state.doc.content.size;
  return kept.map((anchor) => {
    const known = remote ? absolute(state, anchor.relative) : null;
    // What is typed at the place stands behind it; so does what came later, when this is put in.
    const side = change.remove !== undefined && change.remove < anchor.id ? 1 : -1;
    return { ...anchor, position: Math.min(end, known ?? transaction.mapping.map(anchor.position, side)) };
  });
}

/** The anchors with their places as Yjs knows them; to be asked once Yjs has the document of `state`. */
export function rooted(anchors: readonly UploadAnchor[], state: EditorState): UploadAnchor[] {
  return anchors.map((anchor) => ({ ...anchor, relative: relative(state, anchor.position) }));
}

function relative(state: EditorState, position: number): unknown {
  const sync = ySyncPluginKey.getState(state);
  return sync === undefined ? undefined : absolutePositionToRelativePosition(position, sync.type, sync.binding.mapping);
}

function absolute(state: EditorState, place: unknown): number | null {
  const sync = ySyncPluginKey.getState(state);
  return sync === undefined || place == null ? null : relativePositionToAbsolutePosition(sync.doc, sync.type, place, sync.binding.mapping);
}

/** Where a block such as a picture can stand nearest to a position: beside a paragraph whose edge it is, else within it, which parts it. */
export function placeFor(doc: ProseMirrorNode, position: number, type: NodeType): number {
  const $at = doc.resolve(position);
  const { parent, depth, parentOffset } = $at;
  if (!parent.isTextblock || depth === 0) return position;
  const above = $at.node(depth - 1);
  const fits = (index: number) => above.canReplaceWith(index, index, type);
  if (parentOffset === 0 && fits($at.index(depth - 1))) return $at.before();
  const isAtEnd = parentOffset === parent.content.size || parent.type.spec.code === true;
  return isAtEnd && fits($at.indexAfter(depth - 1)) ? $at.after() : position;
}
