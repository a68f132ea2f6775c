"""Type, colours and measures of the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

PAGE = A4
MARGIN = 15 * mm
TOP, BOTTOM = 13 * mm, 17 * mm
WIDTH = PAGE[0] - 2 * MARGIN
HEIGHT = PAGE[1] - TOP - BOTTOM

INK, FAINT, LINE = HexColor("#1c1c1c"), HexColor("#555555"), HexColor("#c8c8c8")
BAND, BAND_EDGE = HexColor("#dddddd"), HexColor("#888888")
SIDE_COLOUR: dict[str, Color] = {"left": HexColor("#0072B2"), "right": HexColor("#B34E00")}

SANS, BOLD, ITALIC = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"
_FILES = {SANS: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf", ITALIC: "DejaVuSans-Oblique.ttf"}


@cache
def register_fonts() -> None:
    """Make known the fonts that matplotlib ships; they hold degree, minus and plus-minus signs."""
    import matplotlib as mpl
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, file in _FILES.items():
        registerFont(TTFont(name, str(folder / file)))
    registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given: dict[str, Any] = {"fontName": SANS, "fontSize": size, "leading": 1.32 * size, "textColor": INK} | more
    return ParagraphStyle(name, **given)


TITLE = _style("title", 15, fontName=BOLD)
SECTION = _style("section", 11.5, fontName=BOLD, spaceBefore=9, spaceAfter=3, borderPadding=0)
PART = _style("part", 8.6, fontName=BOLD, spaceBefore=5, spaceAfter=1.5, keepWithNext=1)
BODY = _style("body", 7.4, spaceAfter=2)
FRONT = _style("front", 7.1, spaceAfter=1.5)
FINE = _style("fine", 6.3, textColor=FAINT, spaceAfter=2)
STRONG = _style("strong", 7.4, fontName=BOLD)
CELL = _style("cell", 6.7)
CELL_RIGHT = _style("cell-right", 6.7, alignment=2)
SMALL = _style("small", 6)
SMALL_RIGHT = _style("small-right", 6, alignment=2)
HEAD = _style("head", 6.7, fontName=BOLD)
HEAD_RIGHT = _style("head-right", 6.7, fontName=BOLD, alignment=2)
CAPTION = _style("caption", 6.3, textColor=FAINT, alignment=1)
ITEM = _style("item", 7.4, leftIndent=9, bulletIndent=1, spaceAfter=1)
FRONT_SMALL = _style("front-small", 6.7, spaceAfter=0.5)
FINEST = _style("finest", 5.7, textColor=FAINT, spaceAfter=2)
FRONT_ITEM = _style("front-item", 6.7, leftIndent=8, bulletIndent=1, spaceAfter=0.5)
