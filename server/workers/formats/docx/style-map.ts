import { CALLOUT_KINDS, calloutTitle } from '../../../../document/nodes/callout.ts';
import { calloutStyle, codeStyle } from '../../files/looks.ts';

/** Lists within a quote or callout are told by their level. */
const LEVELS = [1, 2, 3, 4];

const quoted = (name: string): string => `'${name.replace(/[\\']/g, '\\$&')}'`;

/** Paragraphs of a style that stand in an element of their own, and lists of that style in it. */
function within(name: string, element: string): string[] {
  const lists = LEVELS.flatMap((level) =>
    (['unordered', 'ordered'] as const).map((kind) => {
      const list = kind === 'ordered' ? 'ol' : 'ul';
      const around = 'ul|ol > li > '.repeat(level - 1);
      return `p[style-name=${quoted(name)}]:${kind}-list(${level}) => ${element} > ${around}${list} > li:fresh`;
    }),
  );
  return [...lists, `p[style-name=${quoted(name)}] => ${element} > p:fresh`];
}

/** How mammoth is to read the styles of Word, of LibreOffice, of Pandoc and of our own files. */
export function styleMapOf(styles: string): string[] {
  return [
    "p[style-name='Title'] => h1:fresh",
    "p[style-name='Subtitle'] => p:fresh",
    ...['Quote', 'Intense Quote', 'Quotations', 'Block Text'].flatMap((name) => within(name, 'blockquote')),
    ...CALLOUT_KINDS.flatMap((kind) => [
      `p[style-name=${quoted(`${calloutStyle(kind)} Title`)}] => div.markdown-alert-${kind}.${calloutTitle(kind).toLowerCase()} > p.markdown-alert-title:fresh`,
      ...within(calloutStyle(kind), `div.markdown-alert-${kind}.${calloutTitle(kind).toLowerCase()}`),
    ]),
    ...languagesOf(styles).map((language) => `p[style-name=${quoted(codeStyle(language))}] => pre.language-${language}:separator('\\n')`),
    ...['Code', 'Source Code', 'HTML Preformatted', 'Preformatted Text', 'Plain Text'].map(
      (name) => `p[style-name=${quoted(name)}] => pre:separator('\\n')`,
    ),
    ...['Code Characters', 'Verbatim Char', 'HTML Code', 'Source Text'].map((name) => `r[style-name=${quoted(name)}] => code`),
    "p[style-name='Summary'] => p:fresh > strong",
    ...['Caption', 'caption', 'Image Caption'].map((name) => `p[style-name=${quoted(name)}] => p.caption:fresh`),
    "p[style-name='Horizontal Line'] => p.rule:fresh",
    'u => u',
    'strike => s',
    'highlight => mark',
  ];
}

/** The languages of code, which our files have as styles; those whose names a style map cannot say are left out. */
function languagesOf(styles: string): string[] {
  return [...styles.matchAll(/<w:name w:val="Code ([A-Za-z][\w-]{0,40})"/g)]
    .map(([, language]) => language!)
    .filter((language) => language !== 'Characters');
}
