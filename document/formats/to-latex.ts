import { conform } from '../conform.ts';
import type { ContentMark, ContentNode, Warn } from '../content.ts';
import { hasRightToLeft } from '../direction.ts';
import { nestMarks, type Piece } from '../nest-marks.ts';
import { type BlockName, isBlockName, type MarkName } from '../node-names.ts';
import { type CalloutKind, calloutTitle } from '../nodes/callout.ts';
import { toText } from '../text.ts';
import { type Footnote, numberFootnotes } from './footnotes.ts';
import { escapeAddress, escapeLatex } from './latex/escape.ts';
import { PREAMBLE } from './latex/preamble.ts';
import { latexTable } from './latex/table.ts';
import { mathmlText } from './math/mathml.ts';

/** A document as a file of LaTeX that stands alone, for any of its engines. */
export function toLatex(content: ContentNode, title: string, warn: Warn = () => {}): string {
  const { body, notes } = numberFootnotes(conform(content, warn));
  if (hasRightToLeft(toText(content)))
    warn('Text from right to left needs babel or polyglossia and a font of its script, which the file does not choose.');
  const writing: Writing = { warn, notes: notes.filter(({ isCalled }) => isCalled), depth: 0, numbered: 0 };
  const rest = notes.filter(({ isCalled }) => !isCalled);
  if (rest.length > 0) warn('A footnote that nothing calls was put at the end.');
  const ends = rest.map(({ label, content: said }) => `{[}${escapeLatex(label)}{]} ${blocksOf(said, writing)}`);
  const text = [blocksOf(body.content ?? [], writing), ...ends].join('\n\n');
  const head = title === '' ? '' : `\\title{${escapeLatex(title)}}\n\\author{}\n\\date{}\n`;
  return `${PREAMBLE}${head}\n\\begin{document}\n\n${text}\n\n\\end{document}\n`;
}

interface Writing {
  readonly warn: Warn;
  readonly notes: readonly Footnote[];
  /** Lists around, of which LaTeX allows four of a kind. */
  readonly depth: number;
  /** Numbered lists around. */
  readonly numbered: number;
  readonly isCell?: boolean;
}

/** What numbers the items of lists within one another. */
const COUNTERS = ['enumi', 'enumii', 'enumiii', 'enumiv'];

function blocksOf(nodes: readonly ContentNode[], writing: Writing): string {
  return nodes
    .map((node) => {
      if (!isBlockName(node.type)) throw new TypeError(`content has a block "${node.type}", which conform does not make`);
      return BLOCKS[node.type](node, node.content ?? [], writing);
    })
    .filter((block) => block !== '')
    .join('\n\n');
}

const around = (name: string, text: string, options = ''): string => `\\begin{${name}}${options}\n${text}\n\\end{${name}}`;

const SECTIONS = ['section', 'subsection', 'subsubsection', 'paragraph', 'subparagraph', 'subparagraph'];

type WriteBlock = (node: ContentNode, content: readonly ContentNode[], writing: Writing) => string;

const BLOCKS: Readonly<Record<BlockName, WriteBlock>> = {
  paragraph: (_node, content, writing) => lineOf(content, writing),
  heading({ attrs }, content, writing) {
    const line = lineOf(content, writing);
    // The argument of a section may hold no paragraph, and a list or a cell no section.
    if (writing.depth > 0 || writing.isCell === true) return `\\textbf{${line}}`;
    return `\\${SECTIONS[Number(attrs!.level) - 1]}{${line}}`;
  },
  blockquote: (_node, content, writing) => around('quote', blocksOf(content, writing) || '~'),
  bulletList: (_node, content, writing) => listOf('itemize', content, writing),
  orderedList({ attrs }, content, writing) {
    const { start = 1, type } = attrs ?? {};
    const counter = COUNTERS[writing.numbered];
    if (counter === undefined) return listOf('enumerate', content, writing);
    const letters = { a: 'alph', A: 'Alph', i: 'roman', I: 'Roman' }[String(type)] ?? 'arabic';
    const label = `\\renewcommand{\\label${counter}}{\\${letters}{${counter}}.}`;
    const first = start === 1 ? '' : `\\setcounter{${counter}}{${Number(start) - 1}}`;
    return listOf('enumerate', content, { ...writing, numbered: writing.numbered + 1 }, `${label}${first}`);
  },
  taskList: (_node, content, writing) => listOf('itemize', content, writing),
  codeBlock({ attrs }, content) {
    const language = String(attrs?.language ?? '').split(/\s/)[0]!;
    const lines = content
      .map(({ text = '' }) => text)
      .join('')
      .split(/\r\n|\r|\n/);
    const note = /^[\w+#.-]+$/.test(language) ? `% ${language}\n` : '';
    const rows = lines.map((line) => (line === '' ? '\\strut' : escapeLatex(line.replaceAll('\t', '    ')).replaceAll(' ', '\\ ')));
    return `${note}\\begin{quote}\\small\\ttfamily\\raggedright\n${rows.map((row) => `\\mbox{}${row}`).join('\\\\\n')}\n\\end{quote}`;
  },
  horizontalRule: () => '\\noindent\\rule{\\linewidth}{0.4pt}',
  table: (_node, content, writing) => latexTable(content, (cell) => blocksOf(cell, { ...writing, isCell: true, depth: writing.depth + 1 })),
  image(node, _content, writing) {
    const { caption } = node.attrs ?? {};
    return [pictureOf(node, writing), ...(caption ? [`{\\small ${escapeLatex(String(caption))}}`] : [])].join('\n\n');
  },
  blockMath: ({ attrs }, _content, writing) => displayed(String(attrs!.latex), writing),
  callout({ attrs }, content, writing) {
    return around('quote', `\\textbf{${escapeLatex(calloutTitle(attrs!.kind as CalloutKind))}}\n\n${blocksOf(content, writing)}`);
  },
  details(_node, [summary, ...rest], writing) {
    const line = `\\textbf{${lineOf(summary?.content ?? [], writing)}}`;
    const blocks = blocksOf(rest, writing);
    return blocks === '' ? line : `${line}\n\n${around('quote', blocks)}`;
  },
  footnoteDefinition: (_node, content, writing) => blocksOf(content, writing),
  htmlComment: ({ attrs }) => comment(String(attrs!.text)),
};

const comment = (text: string): string =>
  text
    .toWellFormed()
    .split(/[\r\n\u0085\u2028\u2029\f\v]+/)
    .map((line) => `% ${line}`)
    .join('\n');

/** Lists within one another that LaTeX numbers. */
const MAX_DEPTH = 4;

function listOf(kind: string, items: readonly ContentNode[], writing: Writing, options = ''): string {
  if (items.length === 0) return '';
  const inner = { ...writing, depth: writing.depth + 1 };
  const isDeep = writing.depth >= MAX_DEPTH;
  const lines = items.map((item) => {
    const blocks = blocksOf(item.content ?? [], inner);
    if (isDeep) return `-- ${blocks}`;
    const box = item.type === 'taskItem' ? (item.attrs?.checked === true ? '[$\\boxtimes$]' : '[$\\square$]') : '';
    return `\\item${box}{} ${blocks}`;
  });
  if (!isDeep) return around(kind, lines.join('\n'), options);
  writing.warn('LaTeX has four lists within one another; what lies deeper was written as paragraphs.');
  return lines.join('\n\n');
}

function displayed(latex: string, { warn }: Writing): string {
  const source = readable(latex, warn);
  if (source === null) return `\\texttt{${escapeLatex(latex)}}`;
  return /^\s*\\begin\{(?:align|alignat|gather|equation|multline|eqnarray)\*?\}/.test(source) ? source : `\\[\n${source}\n\\]`;
}

/** Source that is a formula and nothing else: the reader of mathematics knows no command that reads a file or runs one. */
function readable(latex: string, warn: Warn): string | null {
  if (mathmlText(latex, true, warn) === null) return null;
  // An empty line ends a formula.
  return latex
    .toWellFormed()
    .replace(/\n\s*\n/g, '\n')
    .replace(/(?<!\\)%.*$/gm, '')
    .trim();
}

function lineOf(nodes: readonly ContentNode[], writing: Writing): string {
  const pieces = nodes.map((node): Piece => ({ node, marks: node.marks ?? [] }));
  return nestMarks<string>(pieces, {
    leaf: ({ node }) => [leafOf(node, writing)],
    wrap: (mark, children) => [MARKS[mark.type as MarkName](mark, children.join(''), writing)],
  }).join('');
}

function leafOf(node: ContentNode, writing: Writing): string {
  switch (node.type) {
    case 'hardBreak':
      return '\\newline\n';
    case 'inlineImage':
      return pictureOf(node, writing);
    case 'inlineMath': {
      const source = readable(String(node.attrs?.latex), writing.warn);
      return source === null ? `\\texttt{${escapeLatex(String(node.attrs?.latex))}}` : `\\(${source}\\)`;
    }
    case 'footnoteReference':
      return callOf(node, writing);
    case 'inlineHtmlComment':
      return '';
    default:
      return (node.text ?? '')
        .split(/\r\n|\r|\n/)
        .map(escapeLatex)
        .join('\\newline\n');
  }
}

function callOf({ attrs }: ContentNode, writing: Writing): string {
  const { label, number, isFirst } = attrs as { label: string; number?: number; isFirst?: boolean };
  if (number === undefined) return `{[}${escapeLatex(label)}{]}`;
  const note = writing.notes[number - 1];
  if (isFirst !== true || note === undefined) return `\\footnotemark[${number}]`;
  return `\\footnote[${number}]{${blocksOf(note.content, { ...writing, depth: 1 })}}`;
}

function pictureOf({ attrs = {} }: ContentNode, { warn }: Writing): string {
  warn('A LaTeX file holds no pictures: each was left as its description and address.');
  const words = escapeLatex(String(attrs.alt || attrs.title || 'Picture'));
  const address = String(attrs.href ?? attrs.src ?? '');
  return /^(?:https?|mailto):/.test(address) ? `\\href{${escapeAddress(address)}}{${words}}` : words;
}

type WriteMark = (mark: ContentMark, text: string, writing: Writing) => string;
const command =
  (name: string): WriteMark =>
  (_mark, text) =>
    `\\${name}{${text}}`;
const unsaid: WriteMark = (_mark, text, { warn }) => {
  warn('Comments and suggested changes of formatting are not part of the file.');
  return text;
};

const MARKS: Readonly<Record<MarkName, WriteMark>> = {
  bold: command('textbf'),
  italic: command('emph'),
  strike: command('sout'),
  underline: command('uline'),
  code: command('texttt'),
  subscript: command('textsubscript'),
  superscript: command('textsuperscript'),
  link: ({ attrs }, text) => `\\href{${escapeAddress(String(attrs?.href ?? ''))}}{${text}}`,
  highlight: command('highlighted'),
  comment: unsaid,
  insertion: command('inserted'),
  deletion: command('deleted'),
  modification: unsaid,
};
