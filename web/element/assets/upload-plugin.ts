import { Fragment, Slice } from '@tiptap/pm/model';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { dropPoint } from '@tiptap/pm/transform';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { h } from '../../dom.ts';
import { filesIn } from './clipboard-files.ts';
import { type AnchorChange, movedAnchors, placeFor, rooted, type UploadAnchor, type UploadSource } from './upload-anchors.ts';
import { type UploadBehaviour, type UploadHost, uploadAnchors, uploadsKey } from './upload-slot.ts';

/** Anchors are by `id` from here on: one page may hold several editors. */
let lastId = 0;

/** Says that an upload has been put into the text by this transaction, or was given up. */
export function removeAnchor(transaction: Transaction, id: number): Transaction {
  return transaction.setMeta(uploadsKey, { remove: id } satisfies AnchorChange);
}

/** Begins to upload files, to be put in at a position. */
export function uploadFiles(view: EditorView, files: readonly File[], position: number): void {
  const { image } = view.state.schema.nodes;
  const add = files.map((file) => {
    const isPicture = file.type.startsWith('image/') && image !== undefined;
    return anchor({ file }, isPicture ? placeFor(view.state.doc, position, image) : position);
  });
  view.dispatch(view.state.tr.setMeta(uploadsKey, { add } satisfies AnchorChange));
}

function anchor(source: UploadSource, position: number): Omit<UploadAnchor, 'relative'> {
  lastId += 1;
  return { id: lastId, position, source, dom: h('span', { class: 'upload', contenteditable: 'false' }) };
}

/**
 * Takes pasted and dropped files, and pictures that only this browser could show (data:, blob:) or that belong to another
 * document. They stand in a decoration until they are up: what is in the document is there for everybody.
 */
export function uploadBehaviour(host: UploadHost): UploadBehaviour {
  return {
    apply: (transaction, anchors, state) => {
      const change: AnchorChange & { rooted?: readonly UploadAnchor[] } = transaction.getMeta(uploadsKey) ?? {};
      if (change.rooted !== undefined) return change.rooted;
      const added = (change.add ?? []).map((one) => ({ ...one, relative: null }));
      return anchors.length === 0 && added.length === 0 ? anchors : [...movedAnchors(anchors, transaction, state, change), ...added];
    },
    decorations: (state) => {
      const anchors = uploadAnchors(state);
      if (anchors.length === 0) return null;
      const common = { stopEvent: () => true, ignoreSelection: true };
      const widget = ({ id, position, dom }: UploadAnchor) =>
        Decoration.widget(position, dom, { ...common, key: `upload ${id}`, side: id - 1e9 });
      return DecorationSet.create(state.doc, anchors.map(widget));
    },
    take: (view, transfer, position) => {
      const files = transfer === null ? [] : filesIn(transfer);
      if (files.length === 0) return false;
      uploadFiles(view, files, position);
      view.focus();
      return true;
    },
    add: uploadFiles,
    dropPlace: (view, { clientX, clientY }) => {
      const at = view.posAtCoords({ left: clientX, top: clientY })?.pos ?? view.state.selection.from;
      const node = view.state.schema.nodes.image?.create();
      return (node && dropPoint(view.state.doc, at, new Slice(Fragment.from(node), 0, 0))) ?? at;
    },
    append: (transactions, before, state) => {
      const isOurs = transactions.some((one) => one.docChanged && one.getMeta(ySyncPluginKey) === undefined);
      return isOurs ? takeOut(before, state, (src) => host.isForeign(src)) : null;
    },
    update: (view, before) => {
      const anchors = uploadAnchors(view.state);
      if (anchors.length === 0 && uploadAnchors(before).length === 0) return;
      host.follow(view);
      // Yjs has had this state, for its plugin comes first.
      const isNews = anchors.some(({ relative }) => relative === null) || before.doc !== view.state.doc;
      if (anchors.length > 0 && isNews) queueMicrotask(() => root(view));
    },
  };
}

function root(view: EditorView): void {
  const anchors = view.isDestroyed ? [] : uploadAnchors(view.state);
  if (anchors.length === 0) return;
  view.dispatch(view.state.tr.setMeta(uploadsKey, { rooted: rooted(anchors, view.state) }).setMeta('addToHistory', false));
}

/** Takes the pictures out of what was just put in whose address is no good to others, and anchors them. Yjs never sees them. */
function takeOut(before: EditorState, state: EditorState, isForeign: (src: string) => boolean): Transaction | null {
  const start = before.doc.content.findDiffStart(state.doc.content);
  const end = before.doc.content.findDiffEnd(state.doc.content)?.b;
  if (start === null || end === undefined) return null;
  const found: { source: UploadSource; position: number }[] = [];
  state.doc.nodesBetween(start, Math.max(start, end), (node, position) => {
    const { src } = node.attrs;
    const isImage = /^(?:image|inlineImage)$/.test(node.type.name);
    if (isImage && typeof src === 'string' && isForeign(src)) found.push({ source: { image: node }, position });
  });
  if (found.length === 0) return null;
  const transaction = state.tr;
  for (const { position } of found.toReversed()) {
    const $at = transaction.doc.resolve(position);
    const { paragraph } = state.schema.nodes;
    if ($at.parent.canReplace($at.index(), $at.index() + 1) || paragraph === undefined) transaction.delete(position, position + 1);
    else transaction.replaceWith(position, position + 1, paragraph.create());
  }
  const add = found.map(({ source, position }) => anchor(source, transaction.mapping.map(position)));
  return transaction.setMeta(uploadsKey, { add } satisfies AnchorChange);
}
