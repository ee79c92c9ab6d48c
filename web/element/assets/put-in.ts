import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import { isSafeImage, isSafeLink } from '../../../document/safe-url.ts';
import { AssetError } from './asset-client.ts';
import type { UploadedFile } from './asset-settings.ts';
import { placeFor, type UploadAnchor } from './upload-anchors.ts';
import { removeAnchor } from './upload-plugin.ts';
import { uploadAnchors } from './upload-slot.ts';

/** Takes an anchor away without a trace. */
export function giveUp(view: EditorView, id: number): void {
  if (!view.isDestroyed) view.dispatch(removeAnchor(view.state.tr, id).setMeta('addToHistory', false));
}

/** Puts what is up where its anchor stands, as one step of undo, and leaves the selection where it is. False when it fits nowhere. */
export function putIn(view: EditorView, { id, source }: UploadAnchor, file: File, uploaded: UploadedFile): boolean {
  const position = uploadAnchors(view.state).find((anchor) => anchor.id === id)?.position;
  if (position === undefined) return true;
  const isPicture = uploaded.picture ?? file.type.startsWith('image/');
  if (isPicture ? !isSafeImage(uploaded.src) : !isSafeLink(uploaded.src)) throw new AssetError('its address cannot be used', false);
  const transaction = removeAnchor(view.state.tr, id);
  const done = isPicture
    ? insertPicture(transaction, position, 'image' in source ? source.image : null, uploaded)
    : insertLink(transaction, position, file.name, uploaded.src);
  if (!done) return false;
  // What is typed before and after is undone by itself.
  const undo = yUndoPluginKey.getState(view.state)?.undoManager;
  undo?.stopCapturing();
  view.dispatch(transaction);
  undo?.stopCapturing();
  return true;
}

function insertPicture(
  transaction: Transaction,
  position: number,
  like: ProseMirrorNode | null,
  { src, alt, title }: UploadedFile,
): boolean {
  const { image, inlineImage } = transaction.doc.type.schema.nodes;
  if (image === undefined || inlineImage === undefined) return false;
  const attributes = { ...like?.attrs, src, ...(alt === undefined ? {} : { alt }), ...(title === undefined ? {} : { title }) };
  const type = like?.type ?? image;
  const place = type.isInline ? position : placeFor(transaction.doc, position, type);
  const node = type.create(attributes);
  const $place = transaction.doc.resolve(place);
  if ($place.parent.canReplaceWith($place.index(), $place.index(), type)) transaction.insert(place, node);
  else if (type.isInline) transaction.insert(place, transaction.doc.type.schema.nodes.paragraph!.create(null, node));
  else transaction.replaceRangeWith(place, place, node);
  return transaction.docChanged;
}

function insertLink(transaction: Transaction, position: number, name: string, href: string): boolean {
  const { schema } = transaction.doc.type;
  const $place = transaction.doc.resolve(position);
  const isCode = $place.parent.type.spec.code === true;
  const text = schema.text(name, schema.marks.link === undefined ? [] : [schema.marks.link.create({ href })]);
  const inline = $place.parent.inlineContent && !isCode;
  const at = isCode ? $place.after() : position;
  transaction.insert(at, inline ? text : schema.nodes.paragraph!.create(null, text));
  return transaction.docChanged;
}
