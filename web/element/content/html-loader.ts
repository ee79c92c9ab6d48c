/** The reader of HTML, fetched when first needed: with its parser it weighs a quarter of the editor. */
export function loadHtml(): Promise<typeof import('./html.ts')> {
  return import('./html.ts');
}
