import type { ContentNode } from '../content.ts';
import { fromMarkdown } from './from-markdown.ts';

const markdown = `# Welcome to Inkwire

This is a document. Click anywhere and write. There is no save button: when the word at the top says **Saved**, every letter you typed is committed in the database, and stays there whatever dies next.

## Write together

Open this page in a second window, or send its address to somebody near you. You will see each other's carets and names, and you can both write in the same sentence at the same moment. Nothing is locked, and nobody overwrites anybody.

Try it:

- [x] Open Inkwire
- [ ] Open this page in a second window
- [ ] Write in both at once
- [ ] Close the lid of your laptop, write on the train, and open it again at home

## What you can write

Text can be **bold**, *italic*, <u>underlined</u>, ~~struck out~~, \`code\` or <mark>highlighted</mark>, and it can [lead somewhere](https://yjs.dev). Most of it comes by typing Markdown: \`## \` begins a heading, \`- \` a list, \`> \` a quote.

> The text is the interface. Everything else waits until it is needed.

A table keeps its columns in line:

| Promise        | What it means                                  | Since |
| :------------- | :--------------------------------------------- | ----: |
| Saved is saved | An acknowledged edit survives a \`kill -9\`      |   0.1 |
| Yours          | Your server, your Postgres, open formats       |   0.1 |
| Live           | People and scripts edit the same document      |   0.1 |

Formulas are LaTeX between dollars, such as $e^{i\\pi} + 1 = 0$, or on lines of their own:

$$
\\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}
$$

## Take it with you

Every document leaves as Markdown, HTML, plain text or JSON, from the menu of this page or by a command:

\`\`\`sh
curl "http://127.0.0.1:8787/api/documents/welcome/export?format=markdown"
\`\`\`

The same interface writes. People who have the document open see the change at once, and keep their cursors:

\`\`\`sh
curl -X PUT "http://127.0.0.1:8787/api/documents/welcome/content" \\
  -H "Content-Type: text/markdown" --data-binary "# Written by a script"
\`\`\`

## Put it into your own page

The editor is one element. Add a script and a tag to any page:

\`\`\`html
<script type="module" src="http://127.0.0.1:8787/inkwire.js"></script>
<inkwire-editor server="ws://127.0.0.1:8787/collab" document="welcome"></inkwire-editor>
\`\`\`

---

This document is yours: change it, or delete it. It will not come back.
`;

/** The document a server with an empty database begins with; it explains the product by example. */
export const welcome: { readonly title: string; readonly markdown: string; readonly content: ContentNode } = {
  title: 'Welcome to Inkwire',
  markdown,
  /** Parsed anew on each access. */
  get content() {
    return fromMarkdown(markdown).content;
  },
};
