"""From content to PDF."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph

from midstance.report.comparison import Comparison
from midstance.report.content import Content
from midstance.report.paper import look, sections
from midstance.report.paper.comparing import comparison_pages
from midstance.report.paper.front import front_page
from midstance.report.pictures import Pictures, drawings, plot_groups

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def render_pdf(content: Content, pictures: Pictures) -> bytes:
    """Render a report for paper.

    Parameters
    ----------
    content : Content
        What it says; see `content_of`. Its `created` is the only date in the file.
    pictures : Pictures
        Plots as PNG. Overlays and their stills, which are dark, are left out.

    Returns
    -------
    bytes
        A PDF on A4. The same content gives the same bytes.
    """
    look.register_fonts()
    story = chain(
        [front_page(content, drawings(pictures)), PageBreak()],
        sections.findings(content),
        sections.quality(content),
        sections.summary(content),
        sections.plots(plot_groups(pictures.plots)),
        sections.missing(content),
        sections.strides(content),
        sections.methods(content),
        sections.sources(content),
    )
    return _pdf(f"{content.title}: {content.files}", content.disclaimer, content.created, story)


def render_comparison_pdf(comparison: Comparison, created: datetime | None = None) -> bytes:
    """Render a comparison of two analyses for paper, under the same rules."""
    look.register_fonts()
    return _pdf(comparison.title, comparison.disclaimer, created, comparison_pages(comparison))


def _pdf(title: str, disclaimer: str, created: datetime | None, story: Iterable[Flowable]) -> bytes:
    rl_config.useA85 = 0  # text armour of pictures takes longer than all else, and a quarter more room
    buffer = BytesIO()
    document = _Document(
        buffer,
        pagesize=look.PAGE,
        title=_printable(title),
        author="",
        subject=disclaimer,
        creator="midstance",
        lang="en-GB",
        invariant=1,
    )
    # Without padding, so that widths are those of the text.
    frame = Frame(look.MARGIN, look.BOTTOM, look.WIDTH, look.HEIGHT, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate(frames=[frame])])
    footer = f"{_printable(title)}. {disclaimer}"
    document.build(list(story), canvasmaker=partial(_NumberedCanvas, footer=footer, created=created or UNDATED))
    return buffer.getvalue()


def _printable(text: str) -> str:
    kept = "".join(c if c.isprintable() else " " for c in text)
    return kept.encode("utf-8", "replace").decode("utf-8")


class _Document(BaseDocTemplate):
    """A document whose sections stand in the outline."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - the library's name
        """Note each section in the outline."""
        if isinstance(flowable, Paragraph) and flowable.style is look.SECTION:
            title = flowable.getPlainText()
            self.canv.bookmarkPage(title)
            self.canv.addOutlineEntry(title, title, 0)


class _NumberedCanvas(Canvas):
    """Writes the foot of each page when the number of pages is known."""

    def __init__(self, *args: Any, footer: str, created: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._footer = footer
        self._pages: list[dict[str, object]] = []
        stamp = f"D:{created:%Y%m%d%H%M%S}{_offset(created)}"
        self.setDateFormatter(lambda *_: stamp)

    def showPage(self) -> None:  # noqa: N802 - the library's name
        """Keep the page for later."""
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # the stubs leave it out

    def save(self) -> None:
        """Write all pages with their feet."""
        for page in self._pages:
            self.__dict__.update(page)
            self._foot(len(self._pages))
            super().showPage()
        super().save()

    def _foot(self, total: int) -> None:
        number = f"{self.getPageNumber()} / {total}"
        self.setFont(look.SANS, 6)
        self.setFillColor(look.FAINT)
        room = look.WIDTH - stringWidth(number, look.SANS, 6) - 10
        for line, text in enumerate(_lines(self._footer, room)):
            self.drawString(look.MARGIN, look.BOTTOM - 14 - 8 * line, text)
        self.drawRightString(look.MARGIN + look.WIDTH, look.BOTTOM - 14, number)


def _lines(text: str, room: float) -> list[str]:
    """Break a text into two lines at most."""
    from reportlab.lib.utils import simpleSplit

    lines: list[str] = simpleSplit(text, look.SANS, 6, room)
    return lines[:2]


def _offset(created: datetime) -> str:
    offset = created.strftime("%z") or "+0000"
    return f"{offset[:3]}'{offset[3:5]}'"
