import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ContentNode, collectWarnings } from '../content.ts';
import { fromHtml } from './from-html.ts';
import { fromMarkdown } from './from-markdown.ts';
import { toHtmlFragment, toHtmlPage } from './to-html.ts';

const html = (markdown: string) => toHtmlFragment(fromMarkdown(markdown).content);
const marked = (type: string, attrs: Record<string, unknown>): ContentNode => ({
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x', marks: [{ type, attrs }] }] }],
});

describe('HTML', () => {
  const cases: [string, string][] = [
    ['# A **b**', '<h1>A <strong>b</strong></h1>\n'],
    ['a *b* ~~c~~ <u>d</u> <mark>e</mark> `f`', '<p>a <em>b</em> <s>c</s> <u>d</u> <mark>e</mark> <code>f</code></p>\n'],
    ['[a **b**](https://x.example "T")', '<p><a href="https://x.example" title="T">a <strong>b</strong></a></p>\n'],
    ['- a\n- b\n  - c', '<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>\n'],
    ['3. a', '<ol start="3"><li>a</li></ol>\n'],
    ['- [x] a', '<ul class="task-list"><li class="task-list-item"><input type="checkbox" disabled checked> a</li></ul>\n'],
    ['```ts x\na<b\n```', '<pre><code class="language-ts">a&#x3C;b</code></pre>\n'],
    [
      '| a | b |\n|:-:|---|\n| c | d |',
      '<table><thead><tr><th align="center">a</th><th>b</th></tr></thead><tbody><tr><td align="center">c</td><td>d</td></tr></tbody></table>\n',
    ],
    ['![a](b.png)', '<p><img src="b.png" alt="a"></p>\n'],
    ['a\\\nb', '<p>a<br>b</p>\n'],
    ['> a', '<blockquote><p>a</p></blockquote>\n'],
    ['H<sub>2</sub>O<sup>x</sup>', '<p>H<sub>2</sub>O<sup>x</sup></p>\n'],
    ['> [!TIP]\n> a', '<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">Tip</p><p>a</p></div>\n'],
    ['<details open>\n<summary>a</summary>\n\nb\n\n</details>', '<details open><summary>a</summary><p>b</p></details>\n'],
    ['a <!-- b -->', '<p>a <!-- b --></p>\n'],
    ['<p align="right">\n<img src="a.png">\n</p>', '<p align="right"><img src="a.png" alt=""></p>\n'],
    [
      '<figure>\n<img src="a.png">\n<figcaption>b</figcaption>\n</figure>',
      '<figure><img src="a.png" alt=""><figcaption>b</figcaption></figure>\n',
    ],
    [
      'a[^x] b[^y] c[^x]\n\n[^y]: why\n\n[^x]: what\n',
      '<p>a<sup><a href="#user-content-fn-x" id="user-content-fnref-x" data-footnote-ref="">1</a></sup>' +
        ' b<sup><a href="#user-content-fn-y" id="user-content-fnref-y" data-footnote-ref="">2</a></sup>' +
        ' c<sup><a href="#user-content-fn-x" data-footnote-ref="">1</a></sup></p>\n' +
        '<section class="footnotes" data-footnotes=""><hr><ol>' +
        '<li id="user-content-fn-x"><p>what <a href="#user-content-fnref-x" aria-label="Back to the text" class="footnote-back">↩</a></p></li>' +
        '<li id="user-content-fn-y"><p>why <a href="#user-content-fnref-y" aria-label="Back to the text" class="footnote-back">↩</a></p></li>' +
        '</ol></section>\n',
    ],
  ];
  for (const [markdown, expected] of cases) it(JSON.stringify(markdown), () => assert.equal(html(markdown), expected));

  it('is read again as what it says of callouts, collapsible sections, captions and footnotes', () => {
    const { content } = fromMarkdown(
      'a[^x] H<sub>2</sub>\n\n> [!NOTE]\n> b\n\n<details open>\n<summary>c</summary>\n\nd\n\n</details>\n\n' +
        '<figure align="center">\n<img src="a.png" alt="e">\n<figcaption>f</figcaption>\n</figure>\n\n[^x]: g\n',
    );
    assert.deepEqual(fromHtml(toHtmlFragment(content)).content, content);
  });

  it('has its comments again when it is read as a file', () => {
    const { content } = fromMarkdown('<!-- a -->\n\nb <!-- c --> d\n');
    const written = toHtmlFragment(content);
    assert.deepEqual(fromHtml(written, undefined, { comments: true }).content, content);
    assert.equal(JSON.stringify(fromHtml(written).content).includes('omment'), false);
  });

  it('draws formulas as MathML, and shows those it cannot read as their source', () => {
    assert.match(html('$x^2$'), /^<p><span class="math">.*<math[^>]*>.*<msup>/);
    const { warn, warnings } = collectWarnings();
    const written = toHtmlFragment({ type: 'doc', content: [{ type: 'blockMath', attrs: { latex: '\\frac{<script>' } }] }, warn);
    assert.equal(written, '<div class="math"><code>\\frac{&#x3C;script></code></div>\n');
    assert.equal(warnings.length, 1);
  });

  it('gives up on a formula that grows without end', () => {
    assert.match(html('$\\def\\a{\\a\\a}\\a$'), /<code>/);
  });

  it('is a page that stands alone, in one file', () => {
    const page = toHtmlPage(fromMarkdown('text').content, 'A </title><script>alert(1)</script>');
    assert.match(page, /^<!doctype html>/);
    assert.doesNotMatch(page, /<script/);
    assert.match(page, /default-src 'none'/);
  });

  it('[X1] refers to nothing that would be fetched but the images of the document', () => {
    const page = toHtmlPage(fromMarkdown('# a\n\n[l](https://x.example) $x$').content, 'a');
    assert.doesNotMatch(page, /<(?:link|iframe|object|embed|script|img)\b|url\(|@import|\bsrc=/i);
  });
});

// A tag as a browser reads it: a quoted value may hold anything but its quote.
const TAG = /<[a-z](?:[^"<>]|"[^"]*")*>/gi;

describe('[X2] HTML carries no script', () => {
  const hostile: ContentNode[] = [
    marked('link', { href: 'javascript:alert(1)' }),
    marked('link', { href: ' java\nscript:alert(1)' }),
    marked('link', { href: '\u0001javascript:alert(1)' }),
    marked('link', { href: 'data:text/html,<script>alert(1)</script>' }),
    marked('link', { href: 'vbscript:x' }),
    marked('highlight', { color: 'red;background:url(javascript:alert(1))' }),
    ...['javascript:alert(1)', 'data:image/svg+xml;base64,PHN2Zz4=', 'data:text/html,x', 'file:///etc/passwd'].map(
      (src): ContentNode => ({ type: 'doc', content: [{ type: 'image', attrs: { src, alt: 'words' } }] }),
    ),
    { type: 'doc', content: [{ type: 'image', attrs: { src: 'a.png', href: 'javascript:alert(1)' } }] },
    { type: 'doc', content: [{ type: 'image', attrs: { src: 'a.png" onerror="alert(1)', alt: '"><script>alert(1)</script>' } }] },
    {
      type: 'doc',
      content: [
        {
          type: 'codeBlock',
          attrs: { language: '"><script>alert(1)</script>', meta: 'raw' },
          content: [{ type: 'text', text: '<script>alert(1)</script>' }],
        },
      ],
    },
    { type: 'doc', content: [{ type: 'inlineMath', attrs: { latex: '\\href{javascript:alert(1)}{x}\\includegraphics{http://x}' } }] },
    { type: 'doc', content: [{ type: 'heading', attrs: { level: '1><script>' }, content: [{ type: 'text', text: '<script>' }] }] },
    { type: 'doc', content: [{ type: 'script', content: [{ type: 'text', text: 'alert(1)' }] }] },
    { type: 'doc', content: [{ type: 'orderedList', attrs: { start: 1, type: 'x" onclick="alert(1)' }, content: [{ type: 'listItem' }] }] },
  ];
  for (const content of hostile) {
    it(JSON.stringify(content).slice(0, 140), () => {
      const written = toHtmlFragment(content);
      for (const tag of written.match(TAG) ?? []) {
        assert.doesNotMatch(tag, /^<(?:script|iframe|svg|object|embed|style)/i);
        const attributes = tag.replace(/"[^"]*"/g, (value) =>
          /^"\s*(?:javascript|vbscript|data:text|file)/i.test(value) ? '"UNSAFE"' : '""',
        );
        assert.doesNotMatch(attributes, /\son\w+\s*=|UNSAFE/i);
      }
      assert.doesNotMatch(written, /style="[^"]*url\(/);
    });
  }

  it('lets raster images in data: URLs through', () => {
    assert.match(
      toHtmlFragment({ type: 'doc', content: [{ type: 'image', attrs: { src: 'data:image/png;base64,AAAA' } }] }),
      /src="data:image\/png/,
    );
  });
});
