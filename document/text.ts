import { type ContentNode, MAX_DEPTH } from './content.ts';
import type { NodeName } from './node-names.ts';

/** Where the words of a node go: into the line it stands in, into lines of their own, into one line with tabs between its children, or nowhere. */
type Layout = 'inline' | 'lines' | 'tabs' | 'unseen';

const LAYOUTS: Readonly<Record<NodeName, Layout>> = {
  doc: 'lines',
  paragraph: 'lines',
  heading: 'lines',
  blockquote: 'lines',
  bulletList: 'lines',
  orderedList: 'lines',
  listItem: 'lines',
  taskList: 'lines',
  taskItem: 'lines',
  codeBlock: 'lines',
  horizontalRule: 'lines',
  table: 'lines',
  tableRow: 'tabs',
  tableHeader: 'lines',
  tableCell: 'lines',
  image: 'lines',
  blockMath: 'lines',
  callout: 'lines',
  details: 'lines',
  detailsSummary: 'lines',
  footnoteDefinition: 'lines',
  htmlComment: 'unseen',
  text: 'inline',
  hardBreak: 'inline',
  inlineImage: 'inline',
  inlineMath: 'inline',
  footnoteReference: 'inline',
  inlineHtmlComment: 'inline',
};

/** A node that the schema does not know has lines of its own. */
const layoutOf = ({ type }: ContentNode): Layout => (Object.hasOwn(LAYOUTS, type) ? LAYOUTS[type as NodeName] : 'lines');

/**
 * A document as plain text: every block of text, formula and image is one line (more, where it holds
 * line breaks), the cells of a table row are separated by tabs, and the lines are joined by "\n". Nothing is
 * trimmed and nothing added: a document of one paragraph is exactly that paragraph's text.
 */
export function toText(content: ContentNode): string {
  return lines(content, 0).join('\n');
}

function lines(node: ContentNode, depth: number): string[] {
  const children = (node.content ?? []).filter((child) => layoutOf(child) !== 'unseen');
  if (layoutOf(node) === 'unseen') return [];
  if (layoutOf(node) === 'tabs' && depth < MAX_DEPTH) {
    return [children.map((cell) => lines(cell, depth + 1).join(' ')).join('\t')];
  }
  const blocks = depth < MAX_DEPTH && children.some((child) => !isInline(child));
  if (!blocks) return labelled(node, [inlineText(node)]);
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
  return labelled(node, found);
}

/** A footnote's text begins with its label, as the call of it in the text is written. */
function labelled({ type, attrs }: ContentNode, found: string[]): string[] {
  return type === 'footnoteDefinition' ? [`[${attrs?.label ?? ''}] ${found[0] ?? ''}`, ...found.slice(1)] : found;
}

const isInline = (node: ContentNode) => layoutOf(node) === 'inline';

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

/** What a leaf says in words: a mention's label, an image's caption or description, a formula's source, a footnote's label in brackets. */
export function leafText(node: ContentNode): string {
  if (node.type === 'htmlComment' || node.type === 'inlineHtmlComment') return '';
  if (node.type === 'footnoteReference') return `[${node.attrs?.label ?? ''}]`;
  for (const name of ['text', 'label', 'caption', 'alt', 'title', 'latex', 'name', 'src']) {
    const value = node.attrs?.[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}
