"""Small parts that pages are made of. Text from files always goes through `safe`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Image, Paragraph, Table, TableStyle

from midstance.report.chain import Bar, Mark
from midstance.report.paper import look

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Cell = Flowable | str | Sequence[Flowable]
GRID = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
    ("TOPPADDING", (0, 0), (-1, -1), 1.3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
    ("LINEBELOW", (0, 0), (-1, -1), 0.3, look.LINE),
)
HEADED = (("LINEBELOW", (0, 0), (-1, 0), 0.9, look.INK), ("VALIGN", (0, 0), (-1, 0), "BOTTOM"))


def safe(text: str) -> str:
    """Return text without markup, control characters or halves of damaged file names."""
    printable = "".join(c if c.isprintable() or c == " " else " " for c in text)
    return escape(printable.encode("utf-8", "replace").decode("utf-8"))


def para(text: str, style: ParagraphStyle = look.BODY) -> Paragraph:
    """Return plain text as a paragraph."""
    return Paragraph(safe(text), style)


def marked(markup: str, style: ParagraphStyle = look.BODY) -> Paragraph:
    """Return text with our own markup as a paragraph; what comes from files must be `safe` already."""
    return Paragraph(markup, style)


def labelled(label: str, text: str, style: ParagraphStyle = look.BODY) -> Paragraph:
    """Return a paragraph that begins with a bold label."""
    return marked(f"<b>{safe(label)}</b> {safe(text)}", style)


def bullets(texts: Iterable[str], style: ParagraphStyle = look.ITEM) -> list[Flowable]:
    """Return a list."""
    return [Paragraph(safe(text), style, bulletText="•") for text in texts]


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    *,
    right: Sequence[int] = (),
    small: bool = False,
    more: Sequence[Any] = (),
) -> Table:
    """Return a table that repeats its head on every page.

    Parameters
    ----------
    head : sequence of str
        Empty for a table without one.
    rows : sequence of rows
        Texts, which are set as paragraphs, or flowables.
    widths : sequence of float
        In shares of the width of the text.
    right : sequence of int
        Columns of numbers.
    small : bool
        For long tables.
    more : sequence
        Further commands of a table style.
    """
    plain, numbers = (look.SMALL, look.SMALL_RIGHT) if small else (look.CELL, look.CELL_RIGHT)
    top = [[para(t, look.HEAD_RIGHT if i in right else look.HEAD) for i, t in enumerate(head)]] if head else []
    body = [
        [para(c, numbers if i in right else plain) if isinstance(c, str) else c for i, c in enumerate(row)]
        for row in rows
    ]
    columns = [w / sum(widths) * look.WIDTH for w in widths]
    style = TableStyle([*GRID, *(HEADED if head else ()), *more])
    return Table([*top, *body], colWidths=columns, repeatRows=len(top), style=style, hAlign="LEFT")


def picture(content: bytes, width: float, height: float) -> Image:
    """Return a PNG or JPEG as large as fits into a box."""
    wide, high = ImageReader(BytesIO(content)).getSize()
    scale = min(width / wide, height / high)
    return Image(BytesIO(content), wide * scale, high * scale)


class RangeBar(Flowable):
    """The usual range as a grey box with the values of both sides over it."""

    def __init__(self, bar: Bar, width: float, height: float = 15.0) -> None:
        super().__init__()
        self.bar, self.width, self.height = bar, width, height

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the range, then the left value above the right one."""
        canvas: Canvas = self.canv
        canvas.setStrokeColor(look.LINE)
        canvas.setLineWidth(0.5)
        canvas.line(0, self.height / 2, self.width, self.height / 2)
        if self.bar.usual is not None:
            low, high = (share * self.width for share in self.bar.usual)
            canvas.setFillColor(look.BAND)
            canvas.setStrokeColor(look.BAND_EDGE)
            canvas.rect(low, 1, high - low, self.height - 2, stroke=1, fill=1)
        for mark in self.bar.marks:
            self._mark(canvas, mark)

    def _mark(self, canvas: Canvas, mark: Mark) -> None:
        y = self.height * (0.7 if mark.side == "left" else 0.3)
        x, low, high = (share * self.width for share in (mark.at, mark.low, mark.high))
        canvas.setStrokeColor(look.SIDE_COLOUR[mark.side])
        canvas.setFillColor(look.SIDE_COLOUR[mark.side])
        canvas.setLineWidth(1.1)
        canvas.line(low, y, high, y)
        if mark.side == "left":
            canvas.circle(x, y, 2.2, stroke=0, fill=1)
        else:
            canvas.rect(x - 2, y - 2, 4, 4, stroke=0, fill=1)


def badge(level_words: str, boxes: str = "") -> str:
    """Return markup of a level, told by a word and boxes."""
    return f"<b>[{safe(boxes + ' ' if boxes else '')}{safe(level_words)}]</b>"
