"""Two sessions of a runner side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import hypot, isfinite, nan
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse, Response

from midstance.report.comparison import CONFIDENCE, Comparison, SavedClip, SavedRun, comparison_of
from midstance.report.words import instant_words, title_of
from midstance.science.records import Analysis, SummaryRow
from midstance.storage.analysis_json import plain
from midstance.web.about import differences
from midstance.web.reviewing import analysed_session
from midstance.web.security import FILE_POLICY
from midstance.web.site import AnySite, Site, session_of

router = APIRouter(prefix="/api/compare")


@router.get("")
def show_comparison(before: str, after: str, site: AnySite) -> JSONResponse:
    """Tell what changed between two sessions."""
    with site.database() as db:
        rows = [session_of(db, session_id) for session_id in (before, after)]
        old, new = (analysed_session(row, site).analysis for row in rows)
        shown = [site.shown(row) for row in rows]
        comparison = _comparison(old, new, differences(*rows))
    query = f"before={before}&after={after}"
    words = {(c.measure, c.instant, c.side): c for c in comparison.changes}
    return JSONResponse(
        {
            "before": shown[0],
            "after": shown[1],
            "rows": [_row(*pair) for pair in _pairs(old, new)],
            "changes": [plain(change) for change in words.values()],
            "notes": list(comparison.warnings),
            "words": [text for text in (comparison.exceeds, comparison.within, comparison.unknown) if text],
            "method": comparison.method,
            "report_html": f"/api/compare/report.html?{query}",
            "report_pdf": f"/api/compare/report.pdf?{query}",
        }
    )


@router.get("/report.html")
def send_html(before: str, after: str, site: AnySite) -> Response:
    """Send the comparison for the screen."""
    from midstance.report import render_comparison_html

    html = render_comparison_html(_of(before, after, site))
    return HTMLResponse(html, headers={"content-security-policy": FILE_POLICY})


@router.get("/report.pdf")
def send_pdf(before: str, after: str, site: AnySite) -> Response:
    """Send the comparison for paper."""
    from midstance.report import render_comparison_pdf  # reportlab takes a second to import

    content = render_comparison_pdf(_of(before, after, site), datetime.now().astimezone())
    return Response(content, media_type="application/pdf", headers={"content-security-policy": FILE_POLICY})


def _of(before: str, after: str, site: Site) -> Comparison:
    with site.database() as db:
        rows = [session_of(db, session_id) for session_id in (before, after)]
        old, new = (analysed_session(row, site).analysis for row in rows)
        return _comparison(old, new, differences(*rows))


def _comparison(before: Analysis, after: Analysis, told: Sequence[str]) -> Comparison:
    """Return what changed, with what the user told of both sessions and which differs."""
    found = comparison_of(_saved(before), _saved(after))
    return replace(found, warnings=(*found.warnings, *told))


def _saved(analysis: Analysis) -> SavedRun:
    clips = {
        v.name: SavedClip(v.clip.file, v.clip.fps, v.clip.model or "none", v.scene.surface) for v in analysis.views
    }
    return SavedRun(clips, analysis.summary, _speed_mps(analysis), analysis.software.get("midstance", "unknown"))


def _speed_mps(analysis: Analysis) -> float:
    """Return the speed that was given, else that of the first view with a scale; NaN without either."""
    if analysis.settings.speed_mps is not None:
        return analysis.settings.speed_mps
    found = (abs(v.scene.speed_px_s) * v.scene.metres_per_px for v in analysis.views)
    return next((speed for speed in found if isfinite(speed)), nan)


Pair = tuple[SummaryRow | None, SummaryRow | None]


def _pairs(before: Analysis, after: Analysis) -> list[Pair]:
    """Return the rows of both that are about the same, in the order of the first."""
    old, new = ({(r.view, r.side, r.measure, r.instant): r for r in a.summary} for a in (before, after))
    return [(old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new))]


def _row(before: SummaryRow | None, after: SummaryRow | None) -> dict[str, Any]:
    known = before or after
    assert known is not None  # noqa: S101 - a key comes from one of them
    change, error = nan, nan
    if before is not None and after is not None:
        change = after.median - before.median
        error = hypot(before.standard_error, after.standard_error)
    judged = isfinite(change) and isfinite(error)
    row = {
        "view": known.view,
        "side": known.side,
        "measure": known.measure,
        "title": title_of(known.measure),
        "instant": known.instant,
        "instant_words": instant_words(known.instant),
        "unit": known.unit,
        "before": _numbers(before),
        "after": _numbers(after),
        "change": change,
        "change_standard_error": error,
        "beyond_error": abs(change) > CONFIDENCE * error if judged else None,
    }
    found = plain(row)
    assert isinstance(found, dict)  # noqa: S101 - a dictionary stays one
    return found


def _numbers(row: SummaryRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("median", "sd", "n", "standard_error", "quality", "reason")
    return {name: getattr(row, name) for name in names}
