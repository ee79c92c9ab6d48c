/**
 * A document's content as ProseMirror writes it in JSON. Readers of a live document hand out
 * whatever is there; `conform` makes it valid for the schema.
 */
export interface ContentNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: ContentNode[];
  marks?: ContentMark[];
  /** What a node of type `text` says, never empty; no other node has it. */
  text?: string;
}

export interface ContentMark {
  type: string;
  attrs?: Record<string, unknown>;
}

/** Receives a sentence about something that could not be kept as it was. May be called often with the same one. */
export type Warn = (sentence: string) => void;

/**
 * The deepest nesting of nodes that is kept; what lies deeper is kept as text. Writers nest a dozen
 * levels at most, while every recursive library on the way of a document (ProseMirror, mdast, the
 * HTML printer) overflows its stack at some thousands.
 */
export const MAX_DEPTH = 100;

/** A collector of warnings: each sentence once, in the order met, and no more than 100 of them. */
export function collectWarnings(): { readonly warn: Warn; readonly warnings: string[] } {
  const warnings: string[] = [];
  const warn = (sentence: string) => {
    if (warnings.length < 100 && !warnings.includes(sentence)) warnings.push(sentence);
  };
  return { warn, warnings };
}
