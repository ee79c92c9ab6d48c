import type { JSONContent } from '@tiptap/core';
import { collectWarnings } from '../../../document/content.ts';
import { fromHtml } from '../../../document/formats/from-html.ts';
import type { LatexOf } from '../../../document/formats/html/mathml.ts';

export { showPasteNote } from './paste-note.ts';

/** HTML of any program as content for an editor, and what of it could not be kept. A chunk of its own. */
export async function readHtml(html: string): Promise<{ readonly content: JSONContent; readonly warnings: readonly string[] }> {
  const { warn, warnings } = collectWarnings();
  const latexOf = await latexFor(html);
  const { content } = fromHtml(html, warn, latexOf === null ? {} : { latexOf });
  return { content, warnings };
}

/** What reads formulas is as large as the rest, and is fetched when there is one. */
async function latexFor(html: string): Promise<LatexOf | null> {
  if (!/<math[\s>]|<m:oMath/i.test(html)) return null;
  return import('../../../document/formats/html/latex.ts').then(
    ({ latexOfMathml }) => latexOfMathml,
    () => null,
  );
}

/** Whether content says no more than its text: paragraphs without a mark. */
export function isPlain({ content = [] }: JSONContent): boolean {
  return content.every(
    ({ type, content: line = [] }) => type === 'paragraph' && line.every((node) => node.type === 'text' && !node.marks?.length),
  );
}
