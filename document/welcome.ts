/** The document a fresh server starts with: the product explained by example. Markdown, so that it reads here as it will there. */
export const welcome = {
  name: 'welcome',
  title: 'Welcome to Inkwire',
  markdown: String.raw`This page is a live document. Click anywhere and write: every letter is in the database by the time the bar above says **Saved**, and stays there whatever happens to the server next.

## Try it with somebody

- [x] Open this page
- [ ] Open it once more in a second window
- [ ] Write in both, and watch the other cursor
- [ ] Stop the server in the middle of a word, start it again, and look for the word

## What you can write

A line that begins with ${'`#`'} becomes a heading, ${'`-`'} a list, ${'`>`'} a quote, ${'`[ ]`'} a task. Type ${'`/`'} for everything else, or select some text and use the toolbar.

> Paper is patient. So is a document that several people can mend at once.

| You type | You get |
| --- | --- |
| \*\*bold\*\* | **bold** |
| \*italic\* | *italic* |
| \` code \` | ${'`'}code${'`'} |
| <u>Ctrl</u> or <u>⌘</u> + U | <u>underlined</u> |

Formulas work in a line, like $e^{i\pi} + 1 = 0$, or on their own:

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}
$$

## Read and write it from a script

This document leaves in any format, as it is at this moment:

${'```'}bash
curl "http://127.0.0.1:8787/api/documents/welcome/export?format=markdown"
${'```'}

And a script may write while people do; they see it at once:

${'```'}bash
curl -X PUT -H 'Content-Type: text/markdown' --data-binary @notes.md \
  http://127.0.0.1:8787/api/documents/welcome/content
${'```'}

## Put it into your own page

${'```'}html
<script type="module" src="http://127.0.0.1:8787/inkwire.js"></script>
<inkwire-editor document="welcome"></inkwire-editor>
${'```'}

This page is yours: change it, or delete it and begin another.
`,
} as const;
