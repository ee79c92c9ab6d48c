import { calloutTitle, isCalloutKind } from '../../../document/nodes/callout.ts';

/** Programs that take HTML from a clipboard have no style sheet for it: what matters to the eye is said on each element. */
const STYLES: Readonly<Record<string, Partial<CSSStyleDeclaration>>> = {
  table: { borderCollapse: 'collapse' },
  td: { border: '1px solid #c9c4b9', padding: '4px 8px', verticalAlign: 'top' },
  th: { border: '1px solid #c9c4b9', padding: '4px 8px', verticalAlign: 'top', fontWeight: 'bold', backgroundColor: '#f4f1ea' },
  pre: { fontFamily: 'Consolas, Menlo, monospace', backgroundColor: '#f4f1ea', padding: '8px 12px', whiteSpace: 'pre-wrap' },
  code: { fontFamily: 'Consolas, Menlo, monospace', backgroundColor: '#f4f1ea' },
  blockquote: { borderLeft: '3px solid #c9c4b9', margin: '0 0 0 0', paddingLeft: '12px', color: '#55504a' },
  'div[data-callout]': { borderLeft: '3px solid #2f4bc7', paddingLeft: '12px' },
  'mark:not([style])': { backgroundColor: '#fbeeb4' },
  '[align="center"]': { textAlign: 'center' },
  '[align="right"]': { textAlign: 'right' },
};

/** Marks what is there for other programs alone: what is pasted here has it of its own. */
const ADDED = 'data-added';

/** Dresses HTML that goes onto the clipboard so that it looks right in mails and word processors. */
export function dressCopied(copied: DocumentFragment | HTMLElement): void {
  for (const [selector, style] of Object.entries(STYLES)) {
    for (const element of copied.querySelectorAll<HTMLElement>(selector)) Object.assign(element.style, style);
  }
  for (const element of copied.querySelectorAll<HTMLElement>('div[data-callout]')) {
    const { callout } = element.dataset;
    if (isCalloutKind(callout)) element.prepend(added('p', calloutTitle(callout), 'bold'));
  }
  for (const element of copied.querySelectorAll<HTMLElement>('div[data-footnote]')) {
    (element.querySelector('p') ?? element).prepend(added('span', `${element.dataset.footnote}. `));
  }
  for (const item of copied.querySelectorAll<HTMLElement>('li[data-type="taskItem"]')) {
    // A form's field in a mail is nobody's to tick.
    item.querySelector(':scope > label')?.remove();
    (item.querySelector('p') ?? item).prepend(added('span', item.dataset.checked === 'true' ? '☑ ' : '☐ '));
  }
}

function added(tag: 'p' | 'span', text: string, fontWeight = ''): HTMLElement {
  const element = document.createElement(tag);
  element.setAttribute(ADDED, '');
  element.textContent = text;
  if (fontWeight !== '') element.style.fontWeight = fontWeight;
  return element;
}

/** The HTML without what was put on for others, for an editor that reads its own. */
export function undressed(html: string): string {
  return html.replace(/<(p|span) data-added=""[^>]*>[^<]*<\/\1>/g, '').replace(/(<[a-z][^<>]*?) style="[^"]*"/g, '$1');
}
