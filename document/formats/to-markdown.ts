import { conform } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { printMarkdown } from './markdown/print.ts';
import { toMdast } from './markdown/to-mdast.ts';

/** A document as Markdown: CommonMark, GFM and math, with HTML tags for underline, highlight and sizes of images. */
export function toMarkdown(content: ContentNode, warn: Warn = () => {}): string {
  return printMarkdown(toMdast(conform(content, warn), warn));
}
