import type { Element } from 'hast';
import type { ContentNode } from '../../content.ts';
import { attribute, type Child, classesOf, find, INLINE_ELEMENTS } from './elements.ts';

/** Whether an element is a box of code: `<pre>`, or what editors put on the clipboard in its stead. */
export function isCodeBox(element: Element, style: Readonly<Record<string, string>>): boolean {
  if (element.tagName === 'pre') return true;
  if (classesOf(element).some((name) => name.startsWith('highlight-source-'))) return true;
  // VS Code: a box of lines, each in a box of its own.
  return (
    element.tagName === 'div' &&
    /^pre(?:-wrap)?$/.test(style['white-space'] ?? '') &&
    /mono|consolas|courier|menlo/i.test(style['font-family'] ?? '')
  );
}

/** A box of code with its language. */
export function codeBlockOf(element: Element): ContentNode[] {
  const text = linesOf(innermost(element))
    .replace(/^\n|\n+$/g, '')
    .replaceAll('\u00a0', ' ');
  if (text.trim() === '') return [];
  return [{ type: 'codeBlock', attrs: { language: languageOf(element) }, content: [{ type: 'text', text }] }];
}

/** The code itself, where a page puts a heading or a button into the box. */
function innermost(box: Element): Element {
  const pre = box.tagName === 'pre' ? box : (find(box, ({ tagName }) => tagName === 'pre') ?? box);
  const [code, ...others] = elementsNamed(pre, 'code');
  if (code === undefined || others.length > 0) return pre;
  const around = linesOf(pre).replace(linesOf(code), '').trim().toLowerCase();
  return around === '' || around === languageOf(pre)?.toLowerCase() ? code : pre;
}

function elementsNamed(box: Element, name: string): Element[] {
  const found: Element[] = [];
  find(box, (element) => element.tagName === name && found.push(element) < 0);
  return found;
}

/** `language-x` and `lang-x` (HTML's own advice), `highlight-source-x` (GitHub, around it), `data-language`. */
function languageOf(element: Element): string | null {
  const inner = find(element, ({ tagName }) => tagName === 'code');
  for (const box of inner === null ? [element] : [inner, element]) {
    const said = attribute(box, 'dataLanguage') || attribute(box, 'dataLang') || attribute(box, 'lang');
    if (/^[\w+#-]{1,40}$/.test(said)) return said;
    for (const name of classesOf(box)) {
      const found = /^(?:language|lang|highlight-source|brush:?)-?([\w+#-]{1,40})$/.exec(name)?.[1];
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** The text of a box, an element for each line or none. */
function linesOf(element: Element): string {
  let text = '';
  const stack: (Child | 'end')[] = element.children.toReversed();
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (next === 'end') {
      if (!text.endsWith('\n')) text += '\n';
    } else if (next.type === 'text') text += next.value;
    else if (next.type !== 'element' || next.tagName === 'button') continue;
    else if (next.tagName === 'br') text += '\n';
    else {
      if (!INLINE_ELEMENTS.has(next.tagName)) {
        if (text !== '' && !text.endsWith('\n')) text += '\n';
        stack.push('end');
      }
      for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at]!);
    }
  }
  return text.replace(/\r\n?/g, '\n');
}
