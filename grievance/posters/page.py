"""How do a poster and a sheet of cards look? One A4 page each, in Typst."""

from __future__ import annotations

_HEAD = r"""
#let it = json(bytes(sys.inputs.sheet))
#let teal = rgb("#0B5D5E")
#let tint = rgb("#E3F0EF")
#let ink = rgb("#1B1B18")
#let soft = rgb("#45453F")
#let alone = it.tongues.len() == 1
#set text(font: "Libertinus Serif", fill: ink, hyphenate: false)
#set par(justify: false, leading: 0.5em, spacing: 0.7em)
// The code is the only thing in pure black, on white with four modules of quiet around it.
#let code(tongue, side) = box(
  fill: white, inset: side * 0.06, radius: 1.5mm,
  image(bytes(tongue.qr), format: "svg", width: side, height: side),
)
#let number(value) = text(weight: "bold", number-width: "tabular", value.replace(" ", sym.space.nobreak))
"""

_POSTER = (
    _HEAD
    + r"""
#set document(title: it.site, date: none)
#set page(paper: "a4", margin: 0mm)
#let halves(..parts) = grid(columns: (1fr,) * it.tongues.len(), column-gutter: 11mm, ..parts)
#let each(part) = halves(..it.tongues.map(one => { set text(lang: one.language); part(one) }))
#let band(fill, inset, body) = block(width: 100%, fill: fill, inset: inset, spacing: 0mm, body)
#let head(value) = block(below: 0.55em, text(size: 1.18em, weight: "bold", fill: teal, value))
#let row(mark, value) = grid(columns: (1.3em, 1fr), text(fill: teal, weight: "bold", mark), value)
#let rows(..values) = stack(spacing: 0.6em, ..values)

#let numbers = if it.lines.len() > 0 {
  let several = it.lines.len() > 1
  band(tint, (x: 14mm, y: 5mm), align(center, {
    grid(
      columns: if several { (1fr, 1fr) } else { 1 }, column-gutter: 11mm, row-gutter: 3.5mm,
      ..it.lines.map(line => {
        text(size: 13pt, fill: teal, weight: "bold", line.at(0))
        h(2.5mm)
        text(size: if several { 20pt } else { 34pt }, number(line.at(1)))
      }),
    )
    v(2mm)
    each(one => text(size: if alone { 17pt } else { 11.6pt }, weight: "bold", one.ring))
  }))
}
#let front = band(teal, (x: 14mm, top: 9mm, bottom: 7mm), {
  set text(fill: white)
  let big = if alone { 41pt } else { 25pt }
  each(one => {
    block(below: big * 0.42, text(size: big, weight: "bold", par(leading: 0.42em, one.title)))
    text(size: big * 0.6, one.lead)
  })
})
#let foot = band(teal, (x: 14mm, y: 3.2mm), text(
  size: 9.5pt, fill: white,
  it.site + h(3mm) + it.place + h(1fr) + if it.fictional {
    strong(it.tongues.map(one => one.fiction).join("  ·  "))
  },
))
// What stands between the numbers and the foot, row by row, so that both languages keep pace.
#let told(size) = block(width: 100%, inset: (x: 14mm), spacing: 0mm, {
  set text(size: size)
  set block(spacing: 1.15em)
  let code-side = size * if alone { 7.4 } else { 6.6 }
  each(one => head(one.what) + rows(..one.harms.map(harm => row(sym.bullet, harm))))
  each(one => block(
    width: 100%, fill: tint, inset: 0.65em, radius: 1.2mm, text(size: 1.06em, weight: "bold", one.guards),
  ))
  each(one => {
    head(one.how)
    let by-phone = if it.lines.len() > 0 { par(one.text) + par(strong(one.danger)) }
    let by-web = par(one.web + linebreak() + text(size: 0.9em, weight: "bold", fill: teal, one.address))
    grid(columns: (1fr, auto), column-gutter: 3mm, by-phone + by-web, code(one, code-side))
  })
  each(one => {
    head(one.next)
    let steps = (one.first, one.company, one.late, one.end)
    rows(..steps.enumerate().map(((at, value)) => row(str(at + 1) + ".", value)))
  })
  each(one => block(stroke: (left: 1.6pt + teal), inset: (left: 3mm, y: 0.3em), {
    for value in (one.free, one.name, one.who) { par(value) }
    if one.help != "" { par(strong(one.help)) }
    par(text(fill: soft, one.care))
  }))
})
#context {
  let tall(body) = measure(width: 210mm, body).height
  let room = 297mm - tall(front) - tall(numbers) - tall(foot)
  // The largest print with which all of it stands on this one page.
  let sizes = range(72, 27, step: -1).map(quarters => quarters * 0.25pt)
  let size = sizes.find(one => tall(told(one)) < room - 9mm)
  let size = if size == none { 7pt } else { size }
  let spare = (room - tall(told(size))) / 2
  front
  numbers
  v(calc.max(3mm, spare), weak: false)
  told(size)
  place(bottom + left, foot)
}
"""
)

# Each row folds down its middle into one card: the one language in front, the other behind.
_CARDS = (
    _HEAD
    + r"""
#set document(title: "", date: none)
#set page(paper: "a4", margin: (x: 20mm, y: 13.5mm))
#let several = it.lines.len() > 1
#set text(size: if several { 9.5pt } else { 10.5pt })
#let card(one) = block(width: 85mm, height: 54mm, inset: (x: 4.5mm, y: 4.2mm), {
  set text(lang: one.language)
  block(below: 3.4mm, text(size: 15pt, weight: "bold", fill: teal, one.card_title))
  grid(
    columns: (1fr, auto), column-gutter: 2mm,
    {
      block(below: 2.8mm, grid(
        columns: if several { 2 } else { 1 }, column-gutter: 2mm, row-gutter: 1.6mm, align: bottom,
        ..it.lines.slice(0, calc.min(4, it.lines.len())).map(line => {
          let shown = text(size: if several { 10pt } else { 14.5pt }, number(line.at(1)))
          if several { (text(size: 7.5pt, fill: teal, weight: "bold", line.at(0)), shown) } else { (shown,) }
        }).flatten(),
      ))
      if it.lines.len() > 0 { par(one.card_text); par(strong(one.ring)) }
    },
    code(one, 20mm),
  )
  place(bottom + left, {
    set text(size: 8pt, fill: soft)
    if it.fictional { [#strong(one.fiction) #sym.dot.c ] }
    one.card_free
  })
})
#let row = it.tongues.map(card)
#grid(
  columns: (85mm,) * 2, rows: 54mm, stroke: (paint: rgb("#9A9A92"), thickness: 0.4pt, dash: "dashed"),
  ..(if alone { row * 10 } else { row * 5 }),
)
"""
)

PAGES = {"poster": _POSTER, "cards": _CARDS, "neutral": _CARDS}
