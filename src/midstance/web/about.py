"""What a user said of a runner and a run, in words, as pages and reports print it."""

from __future__ import annotations

from midstance.web.tables import SessionRow

About = tuple[tuple[str, str], ...]
"""Titles and what was said, in the order in which they are printed; what was not said is left out."""


def run_words(session: SessionRow) -> About:
    """Return what was said of the run."""
    lunges = ((side, getattr(session, f"lunge_{side}_deg"), getattr(session, f"lunge_{side}_cm")) for side in _SIDES)
    said = [
        ("Height", _number(session.height_m, 100, " cm")),
        ("Speed", _number(session.speed_mps, 3.6, " km/h")),
        ("Incline", _number(session.incline_percent, 1, " %")),
        ("Shoes", session.shoes),
        *((f"Lunge test, {side}", _number(deg, 1, "°") or _number(cm, 1, " cm")) for side, deg, cm in lunges),
    ]
    return tuple((title, words) for title, words in said if words)


def about_words(session: SessionRow, *, name_runner: bool = True) -> About:
    """Return what was said of runner and run; without what could name the runner if that is not wanted."""
    names = [("Runner", session.runner.name if session.runner else ""), ("Session", session.name)]
    return (*((title, words) for title, words in names if words and name_runner), *run_words(session))


def differences(before: SessionRow, after: SessionRow) -> tuple[str, ...]:
    """Say in which of the things that can change how somebody runs two sessions differ."""
    old, new = dict(run_words(before)), dict(run_words(after))
    pairs = ((title, old.get(title, _UNSAID), new.get(title, _UNSAID)) for title in ("Incline", "Shoes"))
    return tuple(f"{title}: {a} before, {b} after." for title, a, b in pairs if a != b)


_SIDES = ("left", "right")
_UNSAID = "not given"


def _number(value: float | None, factor: float, unit: str) -> str:
    return "" if value is None else f"{round(value * factor, 2):g}{unit}".replace("-", "−")
