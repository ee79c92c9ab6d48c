import markdownIt, { type Env, type MarkdownIt, type Token } from 'markdown-it';
import type {
  AlignType,
  Blockquote,
  FootnoteDefinition,
  List,
  ListItem,
  PhrasingContent,
  Root,
  RootContent,
  Table,
  TableCell,
  TableRow,
} from 'mdast';
import { type MarkdownNode, phrasingOf } from './phrasing.ts';
import { addresses } from './rules/addresses.ts';
import { dollars } from './rules/dollars.ts';
import { footnotes } from './rules/footnotes.ts';
import { oddSpaces } from './rules/odd-spaces.ts';
import { strikethrough } from './rules/strikethrough.ts';
import { wideRows } from './rules/wide-rows.ts';

/** A text as blocks, read one after another so that no tree of the whole is ever held. */
export interface ParsedMarkdown {
  readonly blocks: Iterable<MarkdownNode>;
  /** Whether there is a link definition that none of the blocks read so far refers to. */
  hasUnused(): boolean;
}

/**
 * Deeper brackets and emphasis within a line stay text: each level costs the search for its end anew. Blocks may be as
 * deep as the stack lets them, for what the parser passes over there is lost.
 */
const MAX_NESTED = { inline: 100, blocks: Number.POSITIVE_INFINITY };

const [blockParser, inlineParser, altParser] = [parser(MAX_NESTED.blocks), parser(MAX_NESTED.inline), parser(MAX_NESTED.inline)];
altParser.inline.ruler.disable('addresses');

function parser(maxNesting: number): MarkdownIt {
  const made = markdownIt({ html: true, maxNesting })
    .use(wideRows)
    .use(addresses)
    .use(dollars)
    .use(footnotes)
    .use(strikethrough)
    .use(oddSpaces);
  // An address stays as it is written; what makes one unsafe is the schema's to know.
  made.normalizeLink = (url) => url;
  made.validateLink = () => true;
  return made;
}

/**
 * The blocks of a Markdown text: CommonMark, GFM, and math between dollars; any line ends. Time and memory
 * grow with the text alone. Throws a `RangeError` when blocks are nested deeper than the stack.
 */
export function parseMarkdown(text: string): ParsedMarkdown {
  const env: Env = { references: Object.create(null) };
  const tokens: Token[] = [];
  blockParser.block.parse(text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD'), blockParser, env, tokens);
  const used = new Set<string>();
  const blocks = blocksOf(tokens, (content) => inlineOf(content, env, used));
  return { blocks, hasUnused: () => Object.keys(env.references ?? {}).some((label) => !used.has(label)) };
}

/** What stands in one line of Markdown, without any blocks. */
export function parseLine(markdown: string): PhrasingContent[] {
  return inlineOf(markdown, {}, new Set());
}

function inlineOf(content: string, env: Env, used: Set<string>): PhrasingContent[] {
  return phrasingOf(tokensOf(inlineParser, content, env), used, (alt) => tokensOf(altParser, alt, env));
}

function tokensOf(by: MarkdownIt, content: string, env: Env): Token[] {
  const tokens: Token[] = [];
  by.inline.parse(content, by, env, tokens);
  return tokens;
}

type Container = Root | Blockquote | FootnoteDefinition | List | ListItem | Table | TableRow | TableCell;

/** The parser's list of tokens, each block's beginning and end among them, as trees. The list is given back as it is read. */
function* blocksOf(tokens: (Token | null)[], inline: (content: string) => PhrasingContent[]): Generator<RootContent> {
  const root: Root = { type: 'root', children: [] };
  const open: Container[] = [root];
  const add = (node: RootContent | ListItem | TableRow | TableCell) => (open.at(-1)!.children as (typeof node)[]).push(node);
  const enter = (node: Exclude<Container, Root>) => {
    add(node);
    open.push(node);
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    tokens[at] = null;
    switch (token.type) {
      case 'paragraph_open':
        // The text follows, and the end after it.
        add({ type: 'paragraph', children: inline(withoutBox(open.at(-1)!, tokens[at + 1]!.content)) });
        break;
      case 'heading_open':
        add({ type: 'heading', depth: Number(token.tag[1]) as 1, children: inline(tokens[at + 1]!.content) });
        break;
      case 'th_open':
      case 'td_open':
        align(open, token);
        add({ type: 'tableCell', children: inline(tokens[at + 1]!.content) });
        break;
      case 'blockquote_open':
        enter({ type: 'blockquote', children: [] });
        break;
      case 'bullet_list_open':
        enter({ type: 'list', ordered: false, children: [] });
        break;
      case 'ordered_list_open':
        enter({ type: 'list', ordered: true, start: Number(token.attrGet('start') ?? 1), children: [] });
        break;
      case 'list_item_open':
        enter({ type: 'listItem', checked: null, children: [] });
        break;
      case 'footnote_open':
        enter({ type: 'footnoteDefinition', identifier: String(token.meta!.label), label: String(token.meta!.label), children: [] });
        break;
      case 'table_open':
        enter({ type: 'table', align: [], children: [] });
        break;
      case 'tr_open':
        enter({ type: 'tableRow', children: [] });
        break;
      case 'blockquote_close':
      case 'bullet_list_close':
      case 'ordered_list_close':
      case 'list_item_close':
      case 'footnote_close':
      case 'table_close':
      case 'tr_close':
        open.pop();
        break;
      case 'hr':
        add({ type: 'thematicBreak' });
        break;
      case 'math':
        add({ type: 'math', value: token.content } as never);
        break;
      case 'html_block':
        add({ type: 'html', value: token.content.replace(/\n$/, '') });
        break;
      case 'code_block':
        add({ type: 'code', value: token.content.replace(/\n+$/, '') });
        break;
      case 'fence': {
        const [, lang = '', meta = ''] = /^(\S*)\s*(.*)$/s.exec(blockParser.utils.unescapeAll(token.info).trim())!;
        add({ type: 'code', lang: lang || null, meta: meta || null, value: token.content.replace(/\n$/, '') });
        break;
      }
    }
    if (open.length === 1) yield* root.children.splice(0);
  }
}

const BOX = /^\[([ \t\nxX])\](?:[ \t]+(?=\S)|\n)/;

/** The text of a paragraph without the box it begins an item with, which the item is told of. */
function withoutBox(item: Container, content: string): string {
  const [written, sign] = (item.type === 'listItem' && item.children.length === 0 && BOX.exec(content)) || [];
  if (item.type !== 'listItem' || written === undefined) return content;
  item.checked = sign === 'x' || sign === 'X';
  return content.slice(written.length);
}

const ALIGNED = /^text-align:(left|center|right)$/;

/** A cell of the first row says how its column is aligned. */
function align(open: readonly Container[], token: Token): void {
  const table = open.at(-2);
  if (token.type !== 'th_open' || table?.type !== 'table') return;
  table.align!.push((ALIGNED.exec(String(token.attrGet('style')))?.[1] ?? null) as AlignType);
}
