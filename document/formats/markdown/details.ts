import type { Html, RootContent } from 'mdast';
import type { ContentMark, ContentNode, Warn } from '../../content.ts';
import { nestMarks } from '../../nest-marks.ts';
import { writeComment } from '../../nodes/html-comment.ts';
import { encodeText, tagOfImage, tagsOfMark } from './inline-html.ts';

/**
 * Collapsible sections as GitHub writes them: `<details>` and its summary are one block of HTML, `</details>` is another, and
 * between them stands Markdown. A long text is read in pieces, so that both are joined once all blocks are there.
 */
const START = /^<details( open(?:="[^"]*")?)?>\s*(?:<summary>([^\n]*?)<\/summary>)?\s*$/i;
const END = /^<\/details>\s*$/i;

/** One end of a section, as `blocksOf` leaves it among the blocks; `source` is how it was written. */
export function detailsEnd(html: string, summaryOf: (markdown: string) => ContentNode[]): ContentNode | null {
  if (END.test(html)) return { type: 'detailsEnd', attrs: { source: html } };
  const start = START.exec(html);
  if (start === null) return null;
  return { type: 'detailsStart', attrs: { open: start[1] !== undefined, source: html }, content: summaryOf(start[2] ?? '') };
}

/** Blocks with what stands between two ends as a section; an end without another is what `alone` makes of its source. */
export function joinDetails(blocks: readonly ContentNode[], alone: (html: string) => ContentNode): ContentNode[] {
  const open: { start: ContentNode | null; blocks: ContentNode[] }[] = [{ start: null, blocks: [] }];
  const sourceOf = ({ attrs }: ContentNode) => String(attrs?.source);
  const giveUp = () => {
    const { start, blocks: inner } = open.pop()!;
    const around = open.at(-1)!.blocks;
    around.push(alone(sourceOf(start!)));
    for (const block of inner) around.push(block);
  };
  for (const block of blocks) {
    if (block.type === 'detailsStart') open.push({ start: block, blocks: [] });
    else if (block.type !== 'detailsEnd') open.at(-1)!.blocks.push(block);
    else if (open.length === 1) open[0]!.blocks.push(alone(sourceOf(block)));
    else {
      const { start, blocks: inner } = open.pop()!;
      const summary = { type: 'detailsSummary', content: start!.content ?? [] };
      open.at(-1)!.blocks.push({ type: 'details', attrs: { open: start!.attrs?.open }, content: [summary, ...inner] });
    }
  }
  while (open.length > 1) giveUp();
  return open[0]!.blocks;
}

/** A section as Markdown, its summary in tags. */
export function writeDetails(node: ContentNode, blocks: RootContent[], warn: Warn): RootContent[] {
  const [summary] = node.content ?? [];
  const line = nestMarks<string>(
    (summary?.content ?? []).map((child) => ({ node: child, marks: (child.marks ?? []).filter(isSaid) })),
    { leaf: ({ node: leaf }) => [inTags(leaf, warn)], wrap: (mark, children) => wrapped(mark, children) },
  );
  const start = `<details${node.attrs?.open === true ? ' open' : ''}>\n<summary>${line.join('')}</summary>`;
  return [html(start), ...blocks, html('</details>')];
}

const html = (value: string): Html => ({ type: 'html', value });

const SIGNS: Readonly<Record<string, string>> = { bold: 'strong', italic: 'em', strike: 'del', code: 'code' };

const isSaid = (mark: ContentMark) => mark.type in SIGNS || mark.type === 'link' || tagsOfMark(mark) !== null;

function wrapped(mark: ContentMark, children: readonly string[]): string[] {
  const tag = SIGNS[mark.type];
  if (tag !== undefined) return [`<${tag}>`, ...children, `</${tag}>`];
  if (mark.type === 'link') return [`<a href="${encodeText(String(mark.attrs?.href ?? ''))}">`, ...children, '</a>'];
  const [open, close] = tagsOfMark(mark)!;
  return [open, ...children, close];
}

/** What stands in a summary as HTML that means the same as Markdown. */
function inTags(node: ContentNode, warn: Warn): string {
  switch (node.type) {
    case 'text':
      return encodeText(node.text ?? '');
    case 'hardBreak':
      return '<br>';
    case 'inlineImage':
      return tagOfImage(node.attrs ?? {});
    case 'inlineHtmlComment':
      return writeComment(String(node.attrs?.text ?? '').replace(/\s*\n\s*/g, ' '));
    default:
      warn('A formula or footnote in a summary became text.');
      return encodeText(node.type === 'inlineMath' ? `$${node.attrs?.latex}$` : `[^${node.attrs?.label}]`);
  }
}
