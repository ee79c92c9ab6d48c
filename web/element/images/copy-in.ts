import type { Editor } from '@tiptap/core';
import { PICTURE_TYPES } from '../../../protocol/assets.ts';
import type { Assets } from '../assets/assets.ts';

const REFUSED = 'The site it lies on does not let other pages read it. Save the picture, and drop it here.';

/**
 * Makes a picture of another site one of the document: this browser fetches it, without saying who asks, and uploads it. Every image
 * with this address has the new one then. Returns what went wrong, `null` when nothing did.
 */
export async function copyIn(editor: Editor, src: string, assets: Assets): Promise<string | null> {
  let file: File;
  try {
    const response = await fetch(src, { mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!response.ok) return 'The site it lies on does not give it out any more.';
    const blob = await response.blob();
    if (!PICTURE_TYPES.some((type) => blob.type.startsWith(type))) return 'What lies there is not a picture that can be kept.';
    file = new File([blob], nameIn(src), { type: blob.type });
  } catch {
    return REFUSED;
  }
  try {
    const { uploads } = await assets.load();
    const uploaded = await uploads.upload(file, { signal: new AbortController().signal, onProgress: () => {} });
    if (!editor.isDestroyed && editor.isEditable) replaceAddress(editor, src, uploaded.src);
    return null;
  } catch (error) {
    return `It was not copied: ${error instanceof Error ? error.message : 'it failed'}.`;
  }
}

function replaceAddress(editor: Editor, before: string, after: string): void {
  const transaction = editor.state.tr;
  editor.state.doc.descendants((node, position) => {
    if (/^(?:image|inlineImage)$/.test(node.type.name) && node.attrs.src === before) transaction.setNodeAttribute(position, 'src', after);
  });
  if (transaction.docChanged) editor.view.dispatch(transaction);
}

function nameIn(src: string): string {
  try {
    return decodeURIComponent(new URL(src).pathname.split('/').at(-1) ?? '') || 'picture';
  } catch {
    return 'picture';
  }
}
