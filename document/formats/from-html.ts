import type { Root } from 'hast';
import { fromHtml as parse } from 'hast-util-from-html';
import { InkwireError } from '../../protocol/errors.ts';
import { conform } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { toText } from '../text.ts';
import { fitTitle } from '../title.ts';
import { find, textOf } from './html/elements.ts';
import { withOfficeLists } from './html/office-lists.ts';
import { type HtmlOptions, HtmlReader } from './html/reader.ts';

/**
 * A page of HTML, or what a program puts on the clipboard, as content of the schema, and its title: the text
 * of a heading 1 it begins with, else of its `<title>`. Parses as browsers do (WHATWG HTML, section 13.2).
 */
export function fromHtml(html: string, warn: Warn = () => {}, options: HtmlOptions = {}): { content: ContentNode; title: string | null } {
  const root = parsed(fragmentOf(html));
  const content = contentOf(root, warn, options);
  const first = content.content?.[0];
  const heading = first?.type === 'heading' && first.attrs?.level === 1 ? fitTitle(toText(first)) : '';
  const titled = find(root, ({ tagName }) => tagName === 'title');
  return { content, title: heading || (titled === null ? '' : fitTitle(textOf(titled))) || null };
}

function parsed(html: string): Root {
  try {
    return parse(html);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InkwireError(
        'bad-content',
        'The page is nested deeper than can be read (some thousand levels); with fewer levels it can.',
        { cause: error },
      );
    throw error;
  }
}

function contentOf(root: Root, warn: Warn, options: HtmlOptions): ContentNode {
  const reader = new HtmlReader(root, warn, options);
  withOfficeLists(root, reader.sheet);
  const blocks = reader.blocks(root.children, { marks: [], preserve: false, depth: 0 });
  return conform({ type: 'doc', content: blocks }, warn);
}

/**
 * The clipboard of Windows says where the copied part begins and ends, and rows of a sheet may come without
 * the table around them, which a parser would drop.
 */
function fragmentOf(html: string): string {
  const text = html.replace(/^\uFEFF/, '').replaceAll('\u0000', '');
  const start = text.indexOf('<html') < 0 ? text : text.slice(text.indexOf('<html'));
  return /^\s*(?:<!--StartFragment-->)?\s*<t(?:r|d|body|head)[\s>]/i.test(start) ? `<table>${start}</table>` : start;
}
