import type { Element, Nodes, Root } from 'hast';
import { defaultSchema, type Schema, sanitize } from 'hast-util-sanitize';
import { toHtml as printHtml } from 'hast-util-to-html';
import { conform } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { mathmlTree } from './math/mathml.ts';
import { PAGE_STYLE } from './page-style.ts';
import { toHast } from './to-hast.ts';

/** What may leave in HTML, whatever the mapper or a library on the way makes: no script, no handler, no frame, no form but a box. */
const ALLOWED: Schema = {
  ...defaultSchema,
  clobberPrefix: '',
  allowComments: true,
  tagNames: [
    ...(defaultSchema.tagNames ?? []),
    'u',
    'mark',
    'figure',
    'figcaption',
    'section',
    'details',
    'summary',
    'sub',
    'sup',
    'colgroup',
    'col',
  ],
  protocols: {
    href: ['http', 'https', 'mailto', 'tel', 'sms', 'ftp', 'ftps', 'xmpp', 'irc', 'ircs', 'callto', 'cid'],
    // The mapper lets no data: URL through but raster images.
    src: ['http', 'https', 'data'],
  },
  attributes: {
    a: ['href', 'title', 'id', 'ariaLabel', 'dataFootnoteRef', ['className', 'footnote-back']],
    code: [['className', /^language-./]],
    col: ['width'],
    details: ['open'],
    div: [['className', 'math', 'markdown-alert', /^markdown-alert-./]],
    figure: ['align'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    input: [['type', 'checkbox'], ['disabled', true], 'checked'],
    li: ['id', ['className', 'task-list-item']],
    mark: ['style'],
    ol: ['start', 'type'],
    p: ['align', ['className', 'markdown-alert-title']],
    section: ['dataFootnotes', ['className', 'footnotes']],
    span: [['className', 'math']],
    td: ['align', 'colSpan', 'rowSpan', 'dataColwidth'],
    th: ['align', 'colSpan', 'rowSpan', 'dataColwidth'],
    ul: [['className', 'task-list']],
  },
};

/** A document's content as HTML to put into a page. Formulas are MathML; nothing refers to a script or a style. */
export function toHtmlFragment(content: ContentNode, warn: Warn = () => {}): string {
  return printHtml(toHtmlTree(content, warn));
}

/** A document's content as a tree of what may stand in a page. Formulas are MathML. */
export function toHtmlTree(content: ContentNode, warn: Warn = () => {}): Root {
  const tree = sanitize(toHast(conform(content, warn), warn), ALLOWED) as Root;
  drawMath(tree, warn);
  return tree;
}

/** A document as a page that stands alone: one file, no script, and nothing fetched but the images it shows. */
export function toHtmlPage(content: ContentNode, title: string, warn: Warn = () => {}): string {
  const escaped = printHtml({ type: 'text', value: title || 'Untitled' });
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escaped}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main dir="auto">
${toHtmlFragment(content, warn)}</main>
</body>
</html>
`;
}

function drawMath(tree: Root, warn: Warn): void {
  const stack: Nodes[] = [tree];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (!('children' in node)) continue;
    const [source] = node.children;
    const isMath = node.type === 'element' && (node.properties.className as string[] | undefined)?.includes('math');
    if (isMath && source?.type === 'text') {
      node.children = [mathOf(source.value, node.tagName === 'div', warn)];
    } else {
      for (const child of node.children) stack.push(child);
    }
  }
}

function mathOf(latex: string, displayMode: boolean, warn: Warn): Element {
  const source: Element = { type: 'element', tagName: 'code', properties: {}, children: [{ type: 'text', value: latex }] };
  return mathmlTree(latex, displayMode, warn) ?? source;
}
