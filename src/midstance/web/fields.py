"""What a user says about a run, checked and in the units of the analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from midstance.web.problems import FieldError

MOST_TEXT = 80
MOST_NOTE = 2000


@dataclass(frozen=True)
class Details:
    """Columns of a session with their new values; None clears one."""

    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Number:
    column: str
    title: str
    least: float
    most: float
    unit: str
    factor: float
    """From the unit of the form to that of the column."""


_NUMBERS = {
    "height_cm": _Number("height_m", "Height", 80, 260, "cm", 0.01),
    "speed_kmh": _Number("speed_mps", "Speed", 1.1, 54, "km/h", 1 / 3.6),
    "incline_percent": _Number("incline_percent", "Incline", -30, 40, "%", 1.0),
}
_TEXTS = {"shoes": MOST_TEXT, "note": MOST_NOTE}
_LUNGES = {"deg": _Number("deg", "Lunge test", 5, 80, "deg", 1.0), "cm": _Number("cm", "Lunge test", 0, 30, "cm", 1.0)}
CAPTURE_FPS = _Number("capture_fps", "Filmed at", 1, 2000, "frames/s", 1.0)


def details_of(body: Mapping[str, Any]) -> Details:
    """Read what a page sends.

    Parameters
    ----------
    body : mapping
        `runner`, `name` and `details`, all of them optional.

    Raises
    ------
    FieldError
        If a field is unknown or has a value that makes no sense.
    """
    _known(body, ("runner", "name", "details"), "")
    values: dict[str, Any] = {key: text_of(body[key], key, MOST_TEXT) for key in ("runner", "name") if key in body}
    details = body.get("details", {})
    if not isinstance(details, Mapping):
        raise FieldError("details", "details: expected an object, given another value: correct it")
    _known(details, (*_NUMBERS, *_TEXTS, "lunge_left", "lunge_right"), "details")
    values |= {_NUMBERS[key].column: number_of(details[key], key, _NUMBERS[key]) for key in _NUMBERS if key in details}
    values |= {key: text_of(details[key], key, most) for key, most in _TEXTS.items() if key in details}
    for side in ("left", "right"):
        if f"lunge_{side}" in details:
            values |= _lunge(details[f"lunge_{side}"], side)
    return Details(values)


def number_of(value: object, key: str, wanted: _Number = CAPTURE_FPS) -> float | None:
    """Return a number in the unit of its column; None when there is none. A decimal comma will do.

    Raises
    ------
    FieldError
        If it is no number, or out of range.
    """
    if value is None or value == "":
        return None
    given = math.nan
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            given = float(str(value).strip().replace(",", "."))
        except ValueError:
            given = math.nan
    if not wanted.least <= given <= wanted.most:
        told = f"{wanted.title}: expected {wanted.least:g} to {wanted.most:g} {wanted.unit}"
        raise FieldError(key, f"{told}, given {str(value)[:20]!r}: correct it or leave it empty")
    return round(given * wanted.factor, 6)


def text_of(value: object, key: str, most: int) -> str:
    """Return a text without what cannot be shown.

    Raises
    ------
    FieldError
        If it is no text, or too long.
    """
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise FieldError(key, f"{key}: expected a text of at most {most} letters, given another value: shorten it")
    shown = "".join(c if c.isprintable() or (c == "\n" and most > MOST_TEXT) else " " for c in value)
    return shown.strip() if most > MOST_TEXT else " ".join(shown.split())


def _lunge(value: object, side: str) -> dict[str, float | None]:
    """Return a lunge test: in degrees or in centimetres, never in both."""
    key, empty = f"lunge_{side}", {f"lunge_{side}_{unit}": None for unit in _LUNGES}
    if value is None:
        return dict(empty)
    unit = value.get("unit") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(unit, str) or unit not in _LUNGES:
        raise FieldError(key, f"{key}: expected a value with its unit, deg or cm, given another: correct it")
    return empty | {f"lunge_{side}_{unit}": number_of(value.get("value"), key, _LUNGES[unit])}


def _known(body: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    unknown = [str(key) for key in body if key not in keys]
    if unknown:
        told = f"{where or 'body'}: expected only {', '.join(keys)}, given {unknown[0]:.40}: leave it out"
        raise FieldError(unknown[0][:40], told)
