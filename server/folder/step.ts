import { mergeTexts } from './merge.ts';

/** What file and document had in common when they were last seen to be the same. */
export interface Base {
  readonly text: string;
  readonly version: number;
  /** The file was deleted since, and the document stays. */
  readonly isDropped: boolean;
}

/** What there is under one name. */
export interface Sides {
  readonly file: string | null;
  readonly document: { readonly text: string; readonly version: number } | null;
  readonly base: Base | null;
  /** Whether a document goes when its file does. */
  readonly deletes: boolean;
}

/** What is to be done about it. */
export type Step =
  | { readonly do: 'nothing' }
  /** Both are the same: only that is to be noted. */
  | { readonly do: 'note' }
  | { readonly do: 'create-document'; readonly text: string }
  | { readonly do: 'write-document'; readonly text: string; readonly conflicts: number; readonly isMerged: boolean }
  | { readonly do: 'write-file'; readonly text: string }
  /** The document is gone: the file goes where nobody looks, and is not lost. */
  | { readonly do: 'put-file-away' }
  | { readonly do: 'delete-document' }
  /** The file is gone: that is noted, and the document stays. */
  | { readonly do: 'drop-file' }
  /** Neither is there any more. */
  | { readonly do: 'forget' }
  /** Both are there, differ, and have nothing in common that is known. */
  | { readonly do: 'leave-alone' };

/** What brings a file and its document together. Nothing that somebody has written is lost by it. */
export function stepFor({ file, document, base, deletes }: Sides): Step {
  if (file === null && document === null) return base === null ? { do: 'nothing' } : { do: 'forget' };
  if (base === null) {
    if (document === null) return { do: 'create-document', text: file! };
    if (file === null) return { do: 'write-file', text: document.text };
    return file === document.text ? { do: 'note' } : { do: 'leave-alone' };
  }
  if (document === null) return file === base.text ? { do: 'put-file-away' } : { do: 'create-document', text: file! };
  const isDocumentChanged = document.text !== base.text;
  if (file === null) {
    if (isDocumentChanged) return { do: 'write-file', text: document.text };
    if (base.isDropped) return { do: 'nothing' };
    return { do: deletes ? 'delete-document' : 'drop-file' };
  }
  if (file === document.text)
    return base.version === document.version && !base.isDropped && !isDocumentChanged ? { do: 'nothing' } : { do: 'note' };
  if (file === base.text) return { do: 'write-file', text: document.text };
  if (!isDocumentChanged) return { do: 'write-document', text: file, conflicts: 0, isMerged: false };
  const { text, conflicts } = mergeTexts(file, base.text, document.text);
  return text === document.text ? { do: 'write-file', text } : { do: 'write-document', text, conflicts, isMerged: true };
}
