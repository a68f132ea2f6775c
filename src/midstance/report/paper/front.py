"""The first page: clips, the founding finding, the chain, what to confirm. It always fits one page."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepInFrame, Spacer, Table, TableStyle

from midstance.report.chain import ChainRow, LinkCell
from midstance.report.content import Content
from midstance.report.findings import Card
from midstance.report.paper import look
from midstance.report.paper.pieces import RangeBar, badge, bullets, labelled, marked, para, picture, safe, table
from midstance.report.pictures import Picture
from midstance.report.words import joined

TALLEST, LOWEST = 88 * mm, 46 * mm
"""Of the drawings."""
CAPTION = 5 * mm
BAR_SHARE = 0.17


def front_page(content: Content, drawings: tuple[Picture, ...]) -> Flowable:
    """Return the first page. The drawings take the room that the text leaves; if that is too little, all shrinks."""
    parts = [*_head(content), *_founding(content), *_chain(content), *_next(content)]
    left = look.HEIGHT - sum(_height(part) for part in parts) - CAPTION - 8
    pictures = _drawings(drawings, max(LOWEST, min(TALLEST, left)))
    return KeepInFrame(look.WIDTH, look.HEIGHT - 2, [*parts, *pictures], mode="shrink", hAlign="LEFT")


def _height(part: Flowable) -> float:
    before, after = part.getSpaceBefore(), part.getSpaceAfter()
    return float(part.wrap(look.WIDTH, look.HEIGHT)[1] + max(before, after))


def _head(content: Content) -> list[Flowable]:
    analysed = f". Analysed on {content.analysed}" if content.analysed else ""
    fill_in = "Runner ______________________________   Date ________________   Seen by ______________________________"
    clips = [
        marked(
            f"<b>{safe(clip.title)}</b> {safe(clip.brief)}."
            + (f" {badge(clip.level)} {safe(clip.doubts)}." if clip.doubts else ""),
            look.FRONT,
        )
        for clip in content.clips
    ]
    about = "; ".join(f"<b>{safe(title)}</b> {safe(words)}" for title, words in content.about)
    return [
        para(content.title, look.TITLE),
        para(content.files + analysed, look.FINE),
        *([marked(about, look.FRONT)] if about else []),
        para(content.disclaimer, look.STRONG),
        Spacer(1, 6),
        para(fill_in, look.FRONT),
        marked(f"Capture quality {badge(content.overall)}", look.PART),
        *clips,
    ]


def _founding(content: Content) -> list[Flowable]:
    if not content.founding:
        return [para("The pattern of reduced ankle dorsiflexion was not assessed in this analysis.", look.FRONT)]
    cells = [[_card(card) for card in content.founding]]
    count = len(content.founding)
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (-1, -1), 0.5, look.BAND_EDGE),
            ("INNERGRID", (0, 0), (-1, -1), 0.5, look.BAND_EDGE),
            *((f"{edge}PADDING", (0, 0), (-1, -1), 4) for edge in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        ]
    )
    return [
        para(content.founding[0].title, look.PART),
        Table(cells, colWidths=[look.WIDTH / count] * count, style=style, hAlign="LEFT"),
    ]


def _card(card: Card) -> list[Flowable]:
    """Return level, statement, what was seen and not seen, and what could not be judged."""
    parts: list[Flowable] = [
        marked(f"{safe(card.side_words)} {badge(card.level_words, card.boxes)}", look.STRONG),
        para(card.statement, look.FRONT),
    ]
    if card.met:
        parts += [marked("<b>Seen:</b>", look.FRONT_SMALL), *bullets(card.met, look.FRONT_ITEM)]
    if card.not_met:
        parts.append(labelled("Not seen:", card.not_met, look.FRONT_SMALL))
    if card.reasons:
        parts.append(labelled("Level:", joined(card.reasons), look.FRONT_SMALL))
    if card.open_rules:
        told = f"{card.open_rules}; why stands under Findings."
        parts.append(labelled("Not judged:", told, look.FRONT_SMALL))
    return parts


def _chain(content: Content) -> list[Flowable]:
    if not content.chain.rows:
        return []
    left, right = (f'<font color="{look.SIDE_COLOUR[s].hexval().replace("0x", "#")}">' for s in ("left", "right"))
    caption = (
        f"The chain from foot to pelvis <font size=6.3>(median ± standard error; {left}●</font> left, "
        f"{right}■</font> right; grey: usual range)</font>"
    )
    head = ("Joint", "Measure", "Left", "Right", "Compared", "Usual range")
    rows = [_row(row) for row in content.chain.rows]
    remarks = "; ".join(f"[{n}] {safe(text)}" for n, text in content.chain.remarks)
    return [
        marked(caption, look.PART),
        table(head, rows, (0.06, 0.32, 0.155, 0.18, BAR_SHARE, 0.115)),
        *([marked(f"{remarks}.", look.FINEST)] if remarks else []),
    ]


def _row(row: ChainRow) -> list[Flowable | str]:
    bar = RangeBar(row.bar, (BAR_SHARE * look.WIDTH) - 6) if row.bar else ""
    what = f"{safe(row.what)} <font color='#555555'>{safe(row.unit)}</font>"
    joint = marked(f"<b>{safe(row.region.capitalize())}</b>", look.CELL)
    return [joint, marked(what, look.CELL), _link(row.left), _link(row.right), bar, row.usual]


def _link(cell: LinkCell | None) -> Flowable | str:
    if cell is None:
        return "–"
    text = safe(cell.text) if cell.measured else f"<i>{safe(cell.text)}</i>"
    mark = f" <font size=5 color='#555555'>[{cell.mark}]</font>" if cell.mark else ""
    where = f" <font color='#555555'>{safe(cell.position)}</font>" if cell.position else ""
    return marked(text + mark + where, look.CELL)


def _drawings(drawings: tuple[Picture, ...], height: float) -> list[Flowable]:
    """Set the drawings side by side."""
    if not drawings:
        return []
    width = look.WIDTH / max(3, len(drawings))
    cells = [[picture(d.content, width - 4, height)] for d in drawings]
    captions = [para(d.title, look.CAPTION) for d in drawings]
    style = TableStyle([("ALIGN", (0, 0), (-1, -1), "CENTER"), ("TOPPADDING", (0, 0), (-1, -1), 1)])
    return [Table([cells, captions], colWidths=[width] * len(drawings), style=style, hAlign="CENTER")]


def _next(content: Content) -> list[Flowable]:
    parts = (("To confirm:", content.confirm), ("Other explanations:", content.alternatives))
    return [labelled(label, text, look.FRONT) for label, text in parts if text]
