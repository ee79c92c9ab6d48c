import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { blocksOf, charactersOf, holdsText, standIn } from '../blocks.ts';
import type { Operation } from './operations.ts';

type Replacement = Extract<Operation, { op: 'replace' }>;

/** Where a quote stands. */
interface Found {
  readonly text: Y.XmlText;
  readonly index: number;
}

/**
 * Puts other words in the place of quoted ones. What both have at their beginning and end stays as it is, so that a caret in it does; what is
 * written has the marks of what it replaces. Throws `edit-refused` when the quote is not there, or in several places and `all` is not said.
 */
export function replaceQuote(document: Y.Doc, replacement: Replacement): void {
  const { quote, with: words, all = false } = replacement;
  // Half of a character would cut one of the document's in two.
  if (!quote.isWellFormed() || !words.isWellFormed()) throw new InkwireError('edit-refused', 'The text is not valid Unicode.');
  const found = findQuote(document, replacement);
  if (found.length === 0) throw new InkwireError('edit-refused', `"${excerpt(quote)}" does not stand in one block of the document.`);
  if (found.length > 1 && !all) {
    throw new InkwireError(
      'edit-refused',
      `"${excerpt(quote)}" stands in ${found.length} places. Say more of it, what is before and after it (prefix, suffix), or all.`,
    );
  }
  let start = 0;
  while (start < Math.min(quote.length, words.length) && quote[start] === words[start]) start++;
  let end = 0;
  while (end < Math.min(quote.length, words.length) - start && quote.at(-1 - end) === words.at(-1 - end)) end++;
  // Half a character would be left alone.
  if (start > 0 && /[\uD800-\uDBFF]/.test(quote[start - 1]!)) start--;
  if (end > 0 && /[\uDC00-\uDFFF]/.test(quote.at(-end)!)) end--;
  // From the last to the first: an index holds as long as only what is behind it changes.
  for (const { text, index } of found.toReversed()) {
    const at = index + start;
    const marks = marksAt(text, start < quote.length - end ? at : Math.max(0, at - 1));
    text.delete(at, quote.length - start - end);
    text.insert(at, words.slice(start, words.length - end), marks);
  }
}

function findQuote(document: Y.Doc, { quote, prefix = '', suffix = '' }: Replacement): Found[] {
  const found: Found[] = [];
  for (const block of blocksOf(document)) {
    if (!holdsText(block)) continue;
    const children = block.toArray() as unknown[];
    const texts = children.map((child) => (child instanceof Y.XmlText ? charactersOf(child) : standIn(child)));
    const whole = texts.join('');
    for (let at = whole.indexOf(quote); at >= 0; at = whole.indexOf(quote, at + quote.length)) {
      if (!whole.slice(0, at).endsWith(prefix) || !whole.startsWith(suffix, at + quote.length)) continue;
      let place = 0;
      let before = 0;
      while (at >= before + texts[place]!.length) before += texts[place++]!.length;
      const text = children[place];
      if (!(text instanceof Y.XmlText) || at + quote.length > before + texts[place]!.length) {
        throw new InkwireError('edit-refused', `"${excerpt(quote)}" reaches over a picture, a formula or a line break. Replace its block.`);
      }
      found.push({ text, index: at - before });
    }
  }
  return found;
}

/** The marks of the character at an index. */
function marksAt(text: Y.XmlText, index: number): Record<string, unknown> {
  let at = 0;
  for (const { insert, attributes } of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    at += typeof insert === 'string' ? insert.length : 1;
    if (at > index) return attributes ?? {};
  }
  return {};
}

export function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text;
}
