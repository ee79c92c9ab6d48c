import type { JSONContent } from '@tiptap/core';
import type { ContentNode } from '../../../document/content.ts';
import { fromMarkdown } from '../../../document/formats/from-markdown.ts';
import { toMarkdown } from '../../../document/formats/to-markdown.ts';

/** An editor's content as Markdown. A chunk of its own: see `loadMarkdown`. */
export function writeMarkdown(content: JSONContent): string {
  return toMarkdown(content as ContentNode);
}

/** Markdown as content for an editor. */
export function readMarkdown(markdown: string): JSONContent {
  return fromMarkdown(markdown).content;
}

export { withDollars } from './latex-delimiters.ts';
export { paragraphsOf } from './plain-text.ts';
