import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksLikeMarkdown } from './markdown-likeness.ts';

describe('looksLikeMarkdown', () => {
  const yes = [
    '# Title\n\nText',
    '- one\n- two',
    '1. one\n2. two',
    '- [ ] a\n- [x] b',
    '> a\n> b',
    '```js\nlet a;\n```',
    '| a | b |\n| - | - |\n| 1 | 2 |',
    '$$\nx\n$$',
    'See [the docs](https://example.org).',
    'Use **bold** and `code`.',
  ];
  const no = [
    '',
    'Just a sentence.',
    '- only one dash, as in a letter',
    '1. And then he said no.',
    'It costs $5 to $6, or 3 * 4 * 5.',
    '#hashtag is not a heading',
    '# a shell prompt',
    'snake_case_name and __init__',
    'a > b > c',
    'line one\nline two\n\nline three',
    '2 ** 3 ** 4',
    'Use `code` once.',
  ];
  for (const text of yes) it(`yes: ${JSON.stringify(text)}`, () => assert.equal(looksLikeMarkdown(text), true));
  for (const text of no) it(`no: ${JSON.stringify(text)}`, () => assert.equal(looksLikeMarkdown(text), false));
});
