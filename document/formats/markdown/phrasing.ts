import type { Token } from 'markdown-it';
import type { Link, Nodes, PhrasingContent, Text } from 'mdast';
import type { InlineMath, Math as MathBlock } from 'mdast-util-math';

/** A node of a Markdown tree, formulas included. */
export type MarkdownNode = Nodes | InlineMath | MathBlock;

/** Text; `escaped` when its first character was written so that it is no sign. */
export interface MarkdownText extends Text {
  escaped?: true;
}

type Wrapper = Extract<PhrasingContent, { children: unknown[] }>;

/**
 * The parser's list of tokens of a line, the beginning and end of each mark among them, as a tree; adds the labels it refers to to `used`.
 * `tokensOfAlt` reads the description of an image, in which no address is a link.
 */
export function phrasingOf(tokens: readonly Token[], used: Set<string>, tokensOfAlt: (alt: string) => Token[]): PhrasingContent[] {
  const line: PhrasingContent[] = [];
  const open: PhrasingContent[][] = [line];
  const add = (node: PhrasingContent) => open.at(-1)!.push(node);
  const enter = (node: Wrapper) => {
    add(node);
    open.push(node.children as PhrasingContent[]);
  };
  const text = (value: string, escaped: boolean) => {
    const last = open.at(-1)!.at(-1);
    if (last?.type === 'text') last.value += value;
    else add({ type: 'text', value, ...(escaped ? { escaped } : {}) });
  };
  for (const token of tokens) {
    if (typeof token.meta?.label === 'string') used.add(token.meta.label);
    switch (token.type) {
      case 'text':
        if (token.content !== '') text(token.content, false);
        break;
      case 'text_special':
        text(token.content, true);
        break;
      case 'softbreak':
        text('\n', false);
        break;
      case 'hardbreak':
        add({ type: 'break' });
        break;
      case 'code_inline':
        add({ type: 'inlineCode', value: token.content });
        break;
      case 'inlineMath':
        add({ type: 'inlineMath', value: token.content } as InlineMath);
        break;
      case 'html_inline':
        add({ type: 'html', value: token.content });
        break;
      case 'footnote_call':
        add({ type: 'footnoteReference', identifier: String(token.meta!.label), label: String(token.meta!.label) });
        break;
      case 'image':
        add({ type: 'image', ...target(token, 'src'), alt: shown(tokensOfAlt(token.content), tokensOfAlt) });
        break;
      case 'link_open':
        enter({ type: 'link', ...target(token, 'href'), children: [] } satisfies Link);
        break;
      case 'strong_open':
        enter({ type: 'strong', children: [] });
        break;
      case 'em_open':
        enter({ type: 'emphasis', children: [] });
        break;
      case 's_open':
        enter({ type: 'delete', children: [] });
        break;
      case 'link_close':
      case 'strong_close':
      case 'em_close':
      case 's_close':
        open.pop();
        break;
    }
  }
  return line;
}

function target(token: Token, attribute: 'href' | 'src'): { url: string; title: string | null } {
  const title = token.attrGet('title');
  return { url: String(token.attrGet(attribute) ?? ''), title: title === null ? null : String(title) };
}

/** What a reader sees of a line, without its marks. */
function shown(tokens: readonly Token[], tokensOfAlt: (alt: string) => Token[]): string {
  const parts = tokens.map(({ type, content }) => {
    if (type === 'softbreak' || type === 'hardbreak') return '\n';
    return type === 'image' ? shown(tokensOfAlt(content), tokensOfAlt) : content;
  });
  return parts.join('');
}
