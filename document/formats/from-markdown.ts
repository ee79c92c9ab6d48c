import { InkwireError } from '../../protocol/errors.ts';
import { conform } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { toText } from '../text.ts';
import { fitTitle } from '../title.ts';
import { flatBlocksOf, inSections } from './markdown/from-mdast.ts';
import { splitFrontmatter } from './markdown/frontmatter.ts';
import { parseMarkdown } from './markdown/parse.ts';

/**
 * A Markdown text (CommonMark, GFM, math, frontmatter; any line ends) as content of the schema, and the text of a
 * heading 1 it begins with. Throws `bad-content` when it is nested too deeply to be read.
 */
export function fromMarkdown(markdown: string, warn: Warn = () => {}): { content: ContentNode; title: string | null } {
  const text = markdown.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const { yaml, rest } = splitFrontmatter(text);
  const blocks: ContentNode[] = [];
  if (yaml !== null) {
    blocks.push({ type: 'codeBlock', attrs: { language: 'yaml', meta: 'frontmatter' }, content: [{ type: 'text', text: yaml }] });
  }
  try {
    const parsed = parseMarkdown(rest);
    for (const block of parsed.blocks) for (const made of flatBlocksOf(block, warn)) blocks.push(made);
    if (parsed.hasUnused()) warn('A link definition that nothing refers to was left out.');
    const content = conform({ type: 'doc', content: inSections(blocks, warn) }, warn);
    return { content, title: titleOf(content) };
  } catch (error) {
    if (error instanceof RangeError) throw nestedTooDeeply(error);
    throw error;
  }
}

function nestedTooDeeply(cause?: Error): InkwireError {
  return new InkwireError(
    'bad-content',
    'The Markdown is nested deeper than can be read (some thousand levels); with fewer levels it can.',
    cause && { cause },
  );
}

function titleOf(content: ContentNode): string | null {
  const first = content.content?.find((block) => block.attrs?.meta !== 'frontmatter');
  if (first?.type !== 'heading' || first.attrs?.level !== 1) return null;
  return fitTitle(toText(first)) || null;
}
