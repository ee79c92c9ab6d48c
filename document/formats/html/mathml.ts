import type { Element } from 'hast';
import { attribute, type Child, isElement } from './elements.ts';

/** Turns MathML into LaTeX; `null` where it cannot. Given by who reads, since what can is large. */
export type LatexOf = (mathml: string) => string | null;

/** Attributes that change what a formula means. */
const SAID = ['mathvariant', 'open', 'close', 'separators', 'notation', 'linethickness', 'accent', 'stretchy'];

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An element of MathML as XML, without what only draws or annotates it. */
export function writeMathml(element: Element): string {
  const parts: string[] = [];
  const write = (node: Child, depth: number): void => {
    if (node.type === 'text') parts.push(escaped(node.value));
    if (!isElement(node) || /^annotation/.test(node.tagName) || depth > 100) return;
    if (node.tagName === 'semantics') {
      for (const child of node.children) write(child, depth + 1);
      return;
    }
    const said = SAID.map((name) => [name, attribute(node, name)]).filter(([, value]) => value !== '');
    parts.push(`<${node.tagName}${said.map(([name, value]) => ` ${name}="${escaped(value!)}"`).join('')}>`);
    for (const child of node.children) write(child, depth + 1);
    parts.push(`</${node.tagName}>`);
  };
  write(element, 0);
  return parts.join('');
}
