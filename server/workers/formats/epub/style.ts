/** The look of a book, as far as readers leave it to the book: their own fonts, sizes and colours come first. */
export const EPUB_STYLE = `
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.4em 0 .5em; break-after: avoid; }
p, li { white-space: pre-wrap; }
img { max-width: 100%; }
figure { margin: 1em 0; break-inside: avoid; } figcaption { margin-top: .4em; font-size: .85em; opacity: .75; }
blockquote { margin: 1em 0; padding-left: 1em; border-left: 3px solid #bfb9ad; }
pre { white-space: pre-wrap; font-size: .85em; padding: .8em; border: 1px solid #bfb9ad; border-radius: 4px; }
table { border-collapse: collapse; } th, td { border: 1px solid #bfb9ad; padding: .3em .6em; vertical-align: top; text-align: start; }
.markdown-alert { margin: 1em 0; padding: .2em 0 .2em 1em; border-left: 3px solid #6b665d; }
.markdown-alert-title { font-weight: bold; font-size: .85em; margin: 0 0 .3em; }
.task-list { list-style: none; padding-left: 0; }
.footnotes { font-size: .85em; }
mark { background: #fff2b8; color: #1d1b18; }
`;
