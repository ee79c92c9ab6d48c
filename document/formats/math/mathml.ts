import type { Element, ElementContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import katex from 'katex';
import type { Warn } from '../../content.ts';

/** LaTeX source → MathML as HTML text, with the source in it. `null`, and a warning, for source that cannot be read. */
export function mathmlText(latex: string, displayMode: boolean, warn: Warn): string | null {
  try {
    return katex.renderToString(latex, { displayMode, output: 'mathml', trust: false, strict: 'ignore', maxExpand: 200, maxSize: 50 });
  } catch {
    warn('A formula that cannot be read was shown as its source.');
    return null;
  }
}

/** LaTeX source → its `math` element, with the source in it. `null`, and a warning, for source that cannot be read. */
export function mathmlTree(latex: string, displayMode: boolean, warn: Warn): Element | null {
  const text = mathmlText(latex, displayMode, warn);
  if (text === null) return null;
  return elementNamed(fromHtml(text, { fragment: true }).children as ElementContent[], 'math');
}

function elementNamed(nodes: readonly ElementContent[], name: string): Element | null {
  for (const node of nodes) {
    if (node.type !== 'element') continue;
    const found = node.tagName === name ? node : elementNamed(node.children, name);
    if (found !== null) return found;
  }
  return null;
}

/** MathML for readers that would show the source beside the formula, and read no more than the letters of a sign. */
export function withoutSource(element: Element): Element {
  const children = element.children.flatMap((child): ElementContent[] => {
    if (child.type !== 'element') return [child];
    if (child.tagName === 'semantics') return withoutSource(child).children.slice(0, 1);
    return child.tagName === 'annotation' ? [] : [withoutSource(child)];
  });
  // KaTeX puts what it stacks into a sign, where MathML has text alone (MathML Core, section 3.2.1).
  const isStacked = /^m[ino]$/.test(element.tagName) && children.some(({ type }) => type === 'element');
  return { ...element, ...(isStacked ? { tagName: 'mrow' } : {}), children };
}
