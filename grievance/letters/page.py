"""How does a letter to a company look? An A4 page, in Typst; it opens no file and no address."""

from __future__ import annotations

# What people wrote is handed in as values, never as part of this text, so that no sign in it is a command.
PAGE = r"""
#let it = json(bytes(sys.inputs.letter))
#let teal = rgb("#0B5D5E")
#let quiet = rgb("#55554F")
#let lines(value) = value.split("\n").join(linebreak())
// A word longer than a line would run off the paper: it may break after every 40 signs.
#let whole(value) = { show regex("\S{40}"): word => word + sym.zws; lines(value) }
#let head(value) = block(
  above: 5.2mm, below: 2.4mm, sticky: true, text(weight: "bold", fill: teal, value),
)
#let seal = if it.anchored == "yes" { linebreak() + text(6.5pt, it.seal) }
#let rule = table.hline(stroke: 0.4pt + teal)
#let due(row) = (text(weight: "bold", number-width: "tabular", row.at(0)), row.at(1), rule)
#let quoted(value) = block(
  width: 100%, inset: (left: 5mm, y: 1mm), stroke: (left: 1.2pt + teal), whole(value),
)
#set document(title: it.reference + " " + it.code, author: it.desk, date: none)
#set page(
  paper: "a4", margin: (left: 25mm, right: 25mm, top: 20mm, bottom: 24mm),
  header: context if counter(page).get().first() > 1 {
    text(9pt, fill: quiet, it.desk + h(1fr) + it.reference + " " + it.code)
  },
  footer: context {
    set text(8.5pt, fill: quiet)
    line(length: 100%, stroke: 0.4pt + teal)
    v(-1.5mm)
    grid(
      columns: (1fr, auto), column-gutter: 8mm,
      it.footer + seal, it.page + " " + str(here().page()) + "/" + str(counter(page).final().first()),
    )
  },
)
#set text(font: "Libertinus Serif", size: 10.5pt, lang: it.language, fill: rgb("#1B1B18"), hyphenate: false)
#show it.code: box  // a code is never torn apart at the end of a line
#set par(justify: false, leading: 0.62em, spacing: 0.95em)
#text(17pt, weight: "bold", fill: teal, it.desk)
#v(-2.5mm)
#text(9.5pt, fill: quiet, it.desk_address.split("\n").filter(part => part.trim() != "").join("  ·  "))
#v(-1.5mm)
#line(length: 100%, stroke: 0.9pt + teal)
#v(6mm)
#grid(
  columns: (1fr, 78mm), column-gutter: 8mm,
  grid(
    columns: (auto, 1fr), column-gutter: 5mm, row-gutter: 3mm,
    text(9.5pt, fill: quiet, it.reference), strong(it.code),
    text(9.5pt, fill: quiet, it.date), it.sent_on,
    grid.cell(colspan: 2, text(9.5pt, fill: quiet, style: "italic", it.confidential)),
  ),
  [#strong(whole(it.addressee)) \ #whole(it.address)],
)
#v(6mm)
#block(below: 5mm, text(12pt, weight: "bold", it.subject))
#it.greeting

#it.opening
#head(it.reported)
#quoted(it.summary)
#if it.wished != "" { head(it.wish); quoted(it.wished) }
#head(it.asking)
#table(
  columns: (auto, 1fr), stroke: none, inset: (x: 0mm, y: 1.9mm), column-gutter: 6mm,
  rule, ..it.asked.map(due).flatten(),
)
#it.meanwhile
#head(it.answering)
#it.how
#head(it.protection)
#it.reprisals
#block(above: 5.5mm, breakable: false, width: 100%)[
  #it.closing
  #v(2mm)
  #grid(
    columns: (1fr, 78mm), column-gutter: 8mm, [],
    [
      #it.signed #strong(it.desk)
      #v(13mm)
      #line(length: 100%, stroke: 0.5pt + quiet)
      #v(-2mm)
      #text(9pt, fill: quiet, it.signature)
    ],
  )
]
"""
