import { type ContentNode, MAX_DEPTH } from '../content.ts';

/**
 * A document as plain text: every block of text, formula and image is one line (more, where it holds
 * line breaks), the cells of a table row are separated by tabs, and the lines are joined by "\n". Nothing is
 * trimmed and nothing added: a document of one paragraph is exactly that paragraph's text.
 */
export function toText(content: ContentNode): string {
  return lines(content, 0).join('\n');
}

function lines(node: ContentNode, depth: number): string[] {
  const children = node.content ?? [];
  if (node.type === 'tableRow' && depth < MAX_DEPTH) {
    return [children.map((cell) => lines(cell, depth + 1).join(' ')).join('\t')];
  }
  const blocks = depth < MAX_DEPTH && children.some((child) => !isInline(child));
  if (!blocks) return [inlineText(node)];
  const found: string[] = [];
  let line: ContentNode[] = [];
  const endLine = () => {
    if (line.length > 0) found.push(inlineText({ type: 'paragraph', content: line }));
    line = [];
  };
  for (const child of children) {
    if (isInline(child)) {
      line.push(child);
    } else {
      endLine();
      for (const text of lines(child, depth + 1)) found.push(text);
    }
  }
  endLine();
  return found;
}

/** Whether a node stands within a line; so does an unknown one that holds nothing and carries words. */
function isInline(node: ContentNode): boolean {
  return node.type === 'text' || node.type === 'hardBreak' || node.type === 'inlineMath' || node.type === 'inlineImage';
}

/** The text of everything below a node, without recursion. */
function inlineText(node: ContentNode): string {
  let text = '';
  const stack: ContentNode[] = [node];
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (next.type === 'text') text += next.text ?? '';
    else if (next.type === 'hardBreak') text += '\n';
    else if (next.content) for (let at = next.content.length - 1; at >= 0; at--) stack.push(next.content[at]!);
    else text += leafText(next);
  }
  return text;
}

/** What a leaf says in words: a mention's label, an image's description, a formula's source. */
export function leafText(node: ContentNode): string {
  for (const name of ['text', 'label', 'alt', 'title', 'latex', 'name', 'src']) {
    const value = node.attrs?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}
