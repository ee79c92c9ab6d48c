import type { RootContent } from 'mdast';
import type { ContentNode, Warn } from '../../content.ts';
import { footnoteKey } from '../../nodes/footnote.ts';

/** Content whose footnotes are as Markdown has them: a call of one that is not there is text, and none stands within another. */
export function footnotesForMarkdown(content: ContentNode, warn: Warn): ContentNode {
  const defined = new Set<string>();
  const collect = (node: ContentNode) => {
    if (node.type === 'footnoteDefinition') defined.add(footnoteKey(node.attrs?.label));
    node.content?.forEach(collect);
  };
  collect(content);
  const fitted = (node: ContentNode): ContentNode => {
    if (node.type === 'footnoteReference' && !defined.has(footnoteKey(node.attrs?.label))) {
      warn('The call of a footnote that is not there became text.');
      return { type: 'text', text: `[^${node.attrs?.label}]` };
    }
    if (node.content === undefined) return node;
    return {
      ...node,
      content: node.content.flatMap((child) => (child.type === 'footnoteDefinition' ? apart(child) : [child])).map(fitted),
    };
  };
  return fitted(content);
}

/** A footnote, and after it those that stood within it, however deep. */
function apart(footnote: ContentNode): ContentNode[] {
  const inner: ContentNode[] = [];
  const without = (node: ContentNode): ContentNode => {
    if (node.content === undefined) return node;
    for (const child of node.content) if (child.type === 'footnoteDefinition') inner.push(...apart(child));
    return { ...node, content: node.content.filter(({ type }) => type !== 'footnoteDefinition').map(without) };
  };
  return [without(footnote), ...inner];
}

/** A parser takes no indentation off a blank line within a footnote: spaces alone on a line of code would grow. */
export function withoutBlankIndent(blocks: RootContent[]): RootContent[] {
  for (const block of blocks) {
    if ('children' in block) withoutBlankIndent(block.children as RootContent[]);
    else if ('value' in block) block.value = block.value.replace(/^[ \t]+$/gm, '');
  }
  return blocks;
}
