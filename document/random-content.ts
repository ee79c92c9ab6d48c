import type { ContentMark, ContentNode } from './content.ts';
import { CALLOUT_KINDS } from './nodes/callout.ts';

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** mulberry32: the same seed gives the same numbers everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SNIPPETS = [
  'word',
  'two words',
  'a',
  ' ',
  '  ',
  'ü',
  '漢字',
  '🙂',
  '# ',
  '- ',
  '+ x',
  '1. ',
  '2) ',
  '> ',
  '*',
  '**',
  '_',
  '__',
  'a_b_c',
  '`',
  '``',
  '```',
  '~~',
  '~',
  '|',
  '\\',
  '$',
  '$5 to $6',
  '$$',
  '[x]',
  '[ ] ',
  '](',
  '![',
  '<b>',
  '<',
  '&amp;',
  '&',
  'http://a.example/?q=1',
  'www.example.org',
  'a@b.example',
  '---',
  '===',
  '***',
  '.',
  '!',
  '(c)',
  ':',
  '[^1]',
  '\t',
  '"',
  "'",
  '\u00a0',
  'end ',
  ' start',
  '=',
  '{',
  '~~~',
  '<!-- -->',
  '<u>',
  '</u>',
  '<br>',
  '//',
  'xmpp:x',
  ':---:',
  '\u2028',
];
const ADDRESSES = ['https://example.org/a?b=c&d', '/relative (path)', '#part', 'mailto:a@b.example', 'https://x.example/<>"\'', ''];

const LABELS = ['1', '2', 'note', 'Note', 'a_b-c.d', 'É'];
const COMMENTS = [' words ', '', '>', '->', 'a --> b', 'a --!> b', '<!-- in -->', ' two\nlines ', 'x -', '*', '\\'];

/** Makes valid content of every node and mark of the schema, with text that Markdown would like to misread. */
export function randomContent(random: Random): ContentNode {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const chance = (part: number) => random() < part;
  const times = <T>(min: number, max: number, make: () => T): T[] => Array.from({ length: min + below(max - min + 1) }, make);
  const words = () => times(1, 4, () => pick(SNIPPETS)).join('');

  const marks = (): ContentMark[] => {
    const made: ContentMark[] = [];
    if (chance(0.15)) made.push({ type: pick(['insertion', 'deletion']), attrs: { id: pick<string | number>([1, 'a "quoted" <id>']) } });
    if (chance(0.15)) made.push({ type: 'link', attrs: { href: pick(ADDRESSES), ...(chance(0.3) ? { title: words() } : {}) } });
    for (const type of ['bold', 'italic', 'strike', 'underline', 'code', pick(['subscript', 'superscript'])])
      if (chance(0.2)) made.push({ type });
    if (chance(0.1)) made.push(chance(0.5) ? { type: 'highlight' } : { type: 'highlight', attrs: { color: '#ffee00' } });
    if (made[0]?.type !== 'insertion' && made[0]?.type !== 'deletion' && chance(0.05)) {
      made.push({ type: 'modification', attrs: { id: 1, type: 'attr', attrName: 'level', previousValue: 1, newValue: 2 } });
    }
    if (chance(0.1)) made.push({ type: 'comment', attrs: { threadId: pick(['t1', 't2']) } });
    return made;
  };
  const image = (type: string): ContentNode => ({
    type,
    attrs: {
      src: pick(['a.png', 'https://example.org/b (1).png', 'data:image/png;base64,AAAA']),
      ...(chance(0.6) ? { alt: words() } : {}),
      ...(chance(0.3) ? { title: words() } : {}),
      ...(chance(0.3) ? { width: below(900) } : {}),
      ...(chance(0.2) ? { href: pick(ADDRESSES) } : {}),
      ...(type === 'image' && chance(0.3) ? { caption: words() } : {}),
      ...(type === 'image' && chance(0.3) ? { align: pick(['left', 'right', 'center']) } : {}),
    },
  });
  const inline = (): ContentNode => {
    const kind = random();
    if (kind < 0.08) return { type: 'hardBreak' };
    if (kind < 0.14) return { type: 'inlineMath', attrs: { latex: pick(['x', 'x^2', ' a ', '$', '\\frac{1}{2}', '5', 'a$b', '\\']) } };
    if (kind < 0.2) return image('inlineImage');
    if (kind < 0.23) return { type: 'footnoteReference', attrs: { label: pick(LABELS) } };
    if (kind < 0.26) return { type: 'inlineHtmlComment', attrs: { text: pick(COMMENTS) } };
    return { type: 'text', text: chance(0.03) ? `${words()}\n${words()}` : words(), marks: marks() };
  };
  const line = () => times(0, 5, inline);
  const items = (type: string, depth: number, attrs?: () => Record<string, unknown>) =>
    times(1, 3, () => ({ type, ...(attrs ? { attrs: attrs() } : {}), content: blocks(depth + 1, 0, 3) }));
  const code = () => times(0, 3, () => pick([...SNIPPETS, 'let a;', '    indented', '', '````', '<p>\n\n</p>'])).join('\n');

  const table = (depth: number): ContentNode => {
    const columns = 1 + below(3);
    const row = (type: string) => ({
      type: 'tableRow',
      content: Array.from({ length: columns }, () => ({
        type,
        attrs: {
          ...(chance(0.3) ? { align: pick(['left', 'right', 'center']) } : {}),
          ...(chance(0.05) ? { colspan: 2, rowspan: 2 } : {}),
        },
        content: chance(0.8) ? [{ type: 'paragraph', content: line() }] : blocks(depth + 1, 1, 2),
      })),
    });
    return { type: 'table', content: [row(chance(0.8) ? 'tableHeader' : 'tableCell'), ...times(0, 2, () => row('tableCell'))] };
  };

  const block = (depth: number): ContentNode => {
    const kind = depth > 3 ? random() * 0.6 : random();
    if (kind < 0.35) return { type: 'paragraph', content: line() };
    if (kind < 0.45) return { type: 'heading', attrs: { level: 1 + below(6) }, content: line() };
    if (kind < 0.48) return { type: 'horizontalRule' };
    if (kind < 0.5) return { type: 'htmlComment', attrs: { text: pick([...COMMENTS, 'two\n\nparts']) } };
    if (kind < 0.56) {
      const text = code();
      const attrs = chance(0.5)
        ? {
            language: pick(['ts', 'html', 'yaml', 'c++', 'a`b']),
            ...(chance(0.4) ? { meta: pick(['raw', 'title="x y"', 'frontmatter']) } : {}),
          }
        : {};
      return { type: 'codeBlock', attrs, content: text === '' ? [] : [{ type: 'text', text }] };
    }
    if (kind < 0.6)
      return chance(0.5) ? image('image') : { type: 'blockMath', attrs: { latex: pick(['x', 'a\n\nb', '$$', '', '\\sum_1']) } };
    if (kind < 0.64) return { type: 'blockquote', content: blocks(depth + 1, 0, 3) };
    if (kind < 0.66) return { type: 'callout', attrs: { kind: pick(CALLOUT_KINDS) }, content: blocks(depth + 1, 0, 3) };
    if (kind < 0.68) {
      const summary = { type: 'detailsSummary', content: line() };
      return { type: 'details', attrs: { open: chance(0.5) }, content: [summary, ...blocks(depth + 1, 0, 3)] };
    }
    if (kind < 0.7) return { type: 'footnoteDefinition', attrs: { label: pick(LABELS) }, content: blocks(depth + 1, 0, 3) };
    if (kind < 0.76) return { type: 'bulletList', content: items('listItem', depth) };
    if (kind < 0.84) return { type: 'orderedList', attrs: { start: pick([1, 0, 7, 999]) }, content: items('listItem', depth) };
    if (kind < 0.93) return { type: 'taskList', content: items('taskItem', depth, () => ({ checked: chance(0.5) })) };
    return table(depth);
  };
  const blocks = (depth: number, min: number, max: number): ContentNode[] => times(min, max, () => block(depth));

  return { type: 'doc', content: blocks(0, 0, 6) };
}
