/** How a PDF looks: the editor's paper and ink, in fonts that the compiler carries or the server ships. */
export const TYPST_STYLE = `
#let serif = ("Source Serif 4", "Libertinus Serif", "Noto Serif Hebrew", "Noto Naskh Arabic")
#let mono = ("JetBrains Mono", "DejaVu Sans Mono")
#let ink = rgb("#1d1b18")
#let muted = rgb("#6b665d")
#let faint = rgb("#e7e3da")
#let accent = rgb("#2f4bc7")
#set page(numbering: "1", number-align: center, footer-descent: 35%)
#set text(font: serif, size: 11pt, fill: ink, lang: "en", number-type: "old-style")
#set par(leading: 0.72em, spacing: 1.05em)
#set list(indent: 0.2em, spacing: 0.7em)
#set enum(indent: 0.2em, spacing: 0.7em)
#show heading: set text(number-type: "lining")
#show heading: set block(above: 1.7em, below: 0.8em, sticky: true)
#show heading.where(level: 1): set text(size: 22pt, weight: 600)
#show heading.where(level: 2): set text(size: 17pt, weight: 600)
#show heading.where(level: 3): set text(size: 14pt, weight: 600)
#show heading.where(level: 4): set text(size: 12pt, weight: 600)
#show heading.where(level: 5): set text(size: 11pt, weight: 600)
#show heading.where(level: 6): set text(size: 11pt, weight: 600, style: "italic")
#show link: set text(fill: accent)
#show raw: set text(font: mono, size: 1.09em, number-type: "lining")
#show raw.where(block: true): it => block(width: 100%, fill: rgb("#f7f5f0"), stroke: 0.5pt + faint, radius: 4pt, inset: 10pt, text(size: 0.92em, it))
#show quote.where(block: true): set text(fill: muted)
#show quote.where(block: true): it => block(stroke: (left: 2pt + faint), inset: (left: 12pt, y: 2pt), it.body)
#set table(stroke: 0.5pt + rgb("#d8d3c8"), inset: (x: 8pt, y: 6pt), align: left)
#show table: set text(number-type: "lining", number-width: "tabular")
#show table: set par(leading: 0.6em)
#set figure(numbering: none)
#show figure.caption: set text(size: 9.5pt, fill: muted)
#show footnote.entry: set text(size: 9pt)
#let rule = block(above: 1.6em, below: 1.6em, line(length: 100%, stroke: 0.5pt + rgb("#bfb9ad")))
#let placed(side, body) = { show figure: set align(side); body }
#let from-right(language, body) = { set text(dir: rtl, lang: language); body }
#let code(body) = text(font: mono, size: 0.88em, number-type: "lining", body)
#let marked(body) = highlight(fill: rgb("#fff2b8"), radius: 1pt, body)
#let inserted(body) = text(fill: rgb("#2e7d4f"), underline(body))
#let deleted(body) = text(fill: rgb("#c4342d"), strike(body))
#let box-of(done) = box(width: 0.8em, height: 0.8em, baseline: 0.08em, stroke: 0.6pt + muted, radius: 1.5pt, if done { align(center + horizon, text(size: 0.7em, sym.checkmark)) })
#let task(done, body) = grid(columns: (1.4em, 1fr), box-of(done), body)
#let colors = (note: accent, tip: rgb("#2e7d4f"), important: rgb("#8250df"), warning: rgb("#9a6700"), caution: rgb("#c4342d"))
#let callout(kind, title, body) = block(stroke: (left: 2pt + colors.at(kind)), inset: (left: 12pt, y: 3pt), width: 100%)[
  #text(fill: colors.at(kind), weight: 600, size: 0.9em, title)
  #body
]
#let details(summary, body) = { strong(summary); block(inset: (left: 14pt), body) }
`;
