/** The look of an exported page: the editor's paper and ink, in the fonts the reader's machine has. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d1b18; --muted: #6b665d; --line: #e7e3da; --accent: #2f4bc7; --wash: #fff2b8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161513; --ink: #ece8e0; --muted: #a39d92; --line: #2e2c28; --accent: #8ea2ff; --wash: #5b4a12; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 18px/1.65 "Source Serif 4", Charter, Georgia, serif; }
main { max-width: 68ch; margin: 0 auto; padding: 64px 24px 96px; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { font-family: Inter, system-ui, sans-serif; font-weight: 600; line-height: 1.25; margin: 1.6em 0 .5em; text-wrap: balance; }
h1 { font-size: 2.07em; } h2 { font-size: 1.73em; } h3 { font-size: 1.44em; } h4 { font-size: 1.2em; } h5, h6 { font-size: 1em; }
h1:first-child { margin-top: 0; }
p, li, th, td, h1, h2, h3, h4, h5, h6 { white-space: pre-wrap; }
p { text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: .15em; }
img { max-width: 100%; height: auto; }
code, pre { font-family: "JetBrains Mono", ui-monospace, Menlo, Consolas, monospace; font-size: .92em; }
pre { overflow-x: auto; padding: 16px; border: 1px solid var(--line); border-radius: 8px; line-height: 1.5; }
blockquote { margin: 1em 0; padding-inline-start: 16px; border-inline-start: 3px solid var(--line); color: var(--muted); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2em 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--line); padding: 6px 12px; vertical-align: top; text-align: start; }
th { font-family: Inter, system-ui, sans-serif; font-size: .9em; }
[align="center"] { text-align: center; } [align="right"] { text-align: right; }
figure { margin: 1em 0; } figcaption { margin-top: .4em; color: var(--muted); font-size: .85em; }
sub, sup { font-size: .75em; line-height: 0; }
.markdown-alert { margin: 1em 0; padding: .2em 0 .2em 16px; border-inline-start: 3px solid var(--alert); }
.markdown-alert > :last-child { margin-bottom: 0; }
.markdown-alert-title { margin: 0 0 .3em; color: var(--alert); font: 600 .8em/1.5 Inter, system-ui, sans-serif; }
.markdown-alert-note { --alert: var(--accent); } .markdown-alert-tip { --alert: #2e7d4f; } .markdown-alert-important { --alert: #8250df; }
.markdown-alert-warning { --alert: #9a6700; } .markdown-alert-caution { --alert: #c4342d; }
@media (prefers-color-scheme: dark) {
  .markdown-alert-tip { --alert: #6cc68f; } .markdown-alert-important { --alert: #b794f6; }
  .markdown-alert-warning { --alert: #d9a93a; } .markdown-alert-caution { --alert: #f28b82; }
}
details { margin: 1em 0; } summary { cursor: pointer; font-weight: 600; }
.footnotes { font-size: .85em; } .footnote-back { text-decoration: none; }
.task-list { list-style: none; padding-inline-start: 0; } .task-list .task-list { padding-inline-start: 24px; }
mark { background: var(--wash); color: inherit; }
ins { text-decoration: underline; } del { color: var(--muted); }
div.math { overflow-x: auto; margin: 1em 0; }
@media print { body { background: none; font-size: 11pt; } main { max-width: none; padding: 0; } h1, h2, h3 { break-after: avoid; } pre, table, img { break-inside: avoid; } }
`;
