import type { JSONContent } from '@tiptap/core';

/** The Markdown converters of the document part. */
export interface MarkdownConverters {
  readonly toMarkdown: (content: JSONContent) => string;
  readonly fromMarkdown: (markdown: string) => JSONContent;
}

let loaded: MarkdownConverters | null = null;

/** The converters, fetched once: remark weighs more than the editor's own code. */
export async function loadMarkdown(): Promise<MarkdownConverters> {
  const { converters } = await import('./markdown.ts');
  loaded = converters;
  return loaded;
}

/** The converters if they were fetched before, for callers that cannot wait. */
export function markdownIfLoaded(): MarkdownConverters | null {
  return loaded;
}
