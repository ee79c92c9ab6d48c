type Markdown = typeof import('./markdown.ts');

let loaded: Markdown | null = null;

/** The Markdown converters, fetched once, and by who needs them alone. */
export async function loadMarkdown(): Promise<Markdown> {
  loaded ??= await import('./markdown.ts');
  return loaded;
}

/** The converters if they were fetched before, for callers that cannot wait. */
export function markdownIfLoaded(): Markdown | null {
  return loaded;
}
