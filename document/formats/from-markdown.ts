import type { Definition, Root } from 'mdast';
import { InkwireError } from '../../protocol/errors.ts';
import { conform } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { toText } from '../text.ts';
import { fitTitle } from '../title.ts';
import { flatBlocksOf, inSections, labelOf } from './from-mdast.ts';
import { splitFrontmatter } from './frontmatter.ts';
import { markdownPieces } from './markdown-pieces.ts';

// Each level costs the parser time and stack in proportion to all levels: 1,000 nested lists took it 27 s.
const TOO_MANY_MARKERS = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){200}/m;

/**
 * A Markdown text (CommonMark, GFM, math, frontmatter; any line ends) as content of the schema, and the text of a
 * heading 1 it begins with. Throws `bad-content` when it is nested too deeply to be read.
 */
export function fromMarkdown(markdown: string, warn: Warn = () => {}): { content: ContentNode; title: string | null } {
  const text = markdown.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (TOO_MANY_MARKERS.test(text)) throw nestedTooDeeply();
  const { yaml, rest } = splitFrontmatter(text);
  const blocks: ContentNode[] = [];
  if (yaml !== null) {
    blocks.push({ type: 'codeBlock', attrs: { language: 'yaml', meta: 'frontmatter' }, content: [{ type: 'text', text: yaml }] });
  }
  try {
    const pieces = markdownPieces(rest);
    for (const { tree, source, used } of pieces) {
      for (const block of flatBlocksOf(tree.children, { source, definitions: definitionsOf(tree), used, warn })) blocks.push(block);
    }
    const content = conform({ type: 'doc', content: inSections(blocks, warn) }, warn);
    return { content, title: titleOf(content) };
  } catch (error) {
    if (error instanceof RangeError) throw nestedTooDeeply(error);
    throw error;
  }
}

function nestedTooDeeply(cause?: Error): InkwireError {
  return new InkwireError('bad-content', 'The Markdown is nested too deeply to be read.', cause && { cause });
}

/** Link definitions by label; the first of a label counts. */
function definitionsOf(tree: Root): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const stack: { type: string; children?: unknown[] }[] = [tree];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node.type === 'definition') {
      const definition = node as unknown as Definition;
      const label = labelOf(definition);
      if (!found.has(label)) found.set(label, definition);
    } else if (node.children && node.type !== 'paragraph') {
      for (const child of (node.children as typeof stack).toReversed()) stack.push(child);
    }
  }
  return found;
}

function titleOf(content: ContentNode): string | null {
  const first = content.content?.find((block) => block.attrs?.meta !== 'frontmatter');
  if (first?.type !== 'heading' || first.attrs?.level !== 1) return null;
  return fitTitle(toText(first)) || null;
}
