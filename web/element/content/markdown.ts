import type { ContentNode } from '../../../document/content.ts';
import { fromMarkdown } from '../../../document/formats/from-markdown.ts';
import { toMarkdown } from '../../../document/formats/to-markdown.ts';
import type { MarkdownConverters } from './markdown-loader.ts';

/** A chunk of its own: see `loadMarkdown`. */
export const converters: MarkdownConverters = {
  toMarkdown: (content) => toMarkdown(content as ContentNode),
  fromMarkdown: (markdown) => fromMarkdown(markdown).content,
};
