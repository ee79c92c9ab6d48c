type Markdown = typeof import('./markdown.ts');

let loaded: Markdown | null = null;

/** The Markdown converters, fetched once: remark weighs more than the editor's own code. */
export async function loadMarkdown(): Promise<Markdown> {
  loaded ??= await import('./markdown.ts');
  return loaded;
}

/** The converters if they were fetched before, for callers that cannot wait. */
export function markdownIfLoaded(): Markdown | null {
  return loaded;
}
