import type { Nodes, Root } from 'mdast';
import type { InlineMath, Math as MathBlock } from 'mdast-util-math';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import remarkStringify from 'remark-stringify';
import { type Processor, unified } from 'unified';

/** A node of a Markdown tree, formulas included. */
export type MarkdownNode = Nodes | InlineMath | MathBlock;

/** A character code of micromark: a Unicode unit, a negative virtual space or line end, or `null` at the end. */
type Code = number | null;
type State = (code: Code) => State | undefined;
interface Effects {
  consume(code: Code): void;
}
interface Construct {
  tokenize(this: unknown, effects: Effects, ok: State, nok: State): State;
}

const isSpace = (code: Code | undefined) => code === null || code === undefined || code < 0 || code === 32;
const isDigit = (code: Code) => code !== null && code >= 48 && code <= 57;

/**
 * Pandoc's rule for single dollars, without which "$5 to $6" is a formula: no space after the first,
 * none before the last, no digit after it.
 */
function proseDollars(construct: Construct): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const seen: Code[] = [];
      const watched = Object.assign(Object.create(effects) as Effects, {
        consume(code: Code) {
          seen.push(code);
          effects.consume(code);
        },
      });
      const check: State = (code) => {
        const single = seen[1] !== 36;
        return single && (isSpace(seen[1]) || isSpace(seen.at(-2)) || isDigit(code)) ? nok(code) : ok(code);
      };
      return construct.tokenize.call(this, watched, check, nok);
    },
  };
}

interface FromMarkdown {
  transforms?: unknown;
}

/**
 * remark-gfm looks for addresses a second time, in the finished tree, where it no longer sees that one
 * was escaped: plain text "www.example.org" would become a link by being written and read.
 */
function remarkEscapedAddresses(this: Processor): void {
  const data = this.data() as { fromMarkdownExtensions?: (FromMarkdown | FromMarkdown[])[] };
  data.fromMarkdownExtensions = data.fromMarkdownExtensions?.flat().map((extension) => ({ ...extension, transforms: [] })) ?? [];
}

function remarkProseDollars(this: Processor): void {
  const data = this.data() as { micromarkExtensions?: { text?: Record<string, Construct> }[] };
  for (const extension of data.micromarkExtensions ?? []) {
    const math = extension.text?.['36'];
    if (math) extension.text = { ...extension.text, 36: proseDollars(math) };
  }
}

/** Prints a formula with one dollar where `proseDollars` reads it back, else with two. */
function printInlineMath(node: InlineMath, _parent: unknown, _state: unknown, info: { after: string }): string {
  const latex = node.value;
  let dollars = /^\s|\s$|^\$|\$$|^$/.test(latex) || /^\d/.test(info.after) ? '$$' : '$';
  while (new RegExp(`(^|[^$])${dollars.replaceAll('$', '\\$')}([^$]|$)`).test(latex)) dollars += '$';
  const padded = /^\$|\$$|^\s.*\S.*\s$/s.test(latex) ? ` ${latex} ` : latex;
  return `${dollars}${padded}${dollars}`;
}
printInlineMath.peek = () => '$';

/**
 * Whether a list does not end a paragraph above it: one that begins with an empty item, or counts
 * from another number than 1, however deep it stands in the first item.
 */
function needsBlankLine(node: Nodes): boolean {
  if (node.type !== 'list' && node.type !== 'listItem') return false;
  if (node.type === 'list' && node.ordered && node.start !== 1) return true;
  const [first] = node.children;
  return first === undefined || needsBlankLine(first);
}

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkMath)
  .use(remarkProseDollars)
  .use(remarkEscapedAddresses)
  .use(remarkStringify, {
    bullet: '-',
    // "---" at the start of a file would open its frontmatter, and "* ***" would be a rule as a whole.
    rule: '_',
    join: [(_left, right) => (needsBlankLine(right) ? 1 : undefined)],
    handlers: { inlineMath: printInlineMath as never },
  })
  .freeze();

/** The tree of a Markdown text: CommonMark, GFM, and math between dollars. */
export function parseMarkdown(text: string): Root {
  return processor.parse(text);
}

/** A Markdown tree as text, ending in a line feed unless it is empty. */
export function printMarkdown(tree: Root): string {
  return processor.stringify(tree);
}
