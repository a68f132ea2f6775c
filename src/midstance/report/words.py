"""Numbers and names as a reader sees them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from midstance.science.catalogue import ALL_VIEWS, FRONTAL, MEASURE
from midstance.science.records import ViewAnalysis

DASH = "–"
"""Stands where there is no number."""

GROUPS = ("Side view", "Frontal view", "Timing and whole body")
"""Headings over measures, in their order."""

_DECIMALS: dict[str, int] = {"deg": 1, "s": 3, "m": 3, "%": 1, "steps/min": 1, "px": 0}
_UNIT_WORDS: dict[str, str] = {"deg": "degrees", "px": "pixels"}
_DEGREES = re.compile(r"(\d) deg\b")
_INSTANT_WORDS: dict[str, str] = {"stride": "whole stride", "toe_off": "toe-off"}


def number(value: float, unit: str) -> str:
    """Return a value rounded as its unit deserves, with a true minus sign; a dash for NaN."""
    if not math.isfinite(value):
        return DASH
    text = f"{value:.{_DECIMALS.get(unit, 2)}f}"
    is_zero = not any(c in "123456789" for c in text)
    return text.removeprefix("-") if is_zero else text.replace("-", "−")


def with_sd(median: float, sd: float, unit: str) -> str:
    """Return median ± SD; without ± where no SD is known, a dash without a median."""
    known = math.isfinite(sd) and math.isfinite(median)
    return f"{number(median, unit)} ± {number(sd, unit)}" if known else number(median, unit)


def with_error(value: float, standard_error: float, unit: str) -> str:
    """Return value ± standard error; without ± where the error is not known."""
    return with_sd(value, standard_error, unit)


def signed(value: float, unit: str) -> str:
    """Return a difference with its sign; a dash for NaN."""
    text = number(value, unit)
    return f"+{text}" if value > 0 and any(c in "123456789" for c in text) else text


def typeset(text: str) -> str:
    """Return a sentence with degree signs in place of `deg` after numbers, without a full stop at its end."""
    return _DEGREES.sub(r"\1°", text.strip()).rstrip(".")


def joined(texts: Iterable[str]) -> str:
    """Return texts as one sentence, separated by semicolons; empty without any."""
    found = [typeset(text) for text in texts]
    return f"{'; '.join(found)}." if found else ""


def unit_words(unit: str) -> str:
    """Return a unit as it is printed."""
    return _UNIT_WORDS.get(unit, unit)


def quantity(text: str, unit: str) -> str:
    """Return a printed number with its unit."""
    if text == DASH or not unit:
        return text
    return f"{text}°" if unit == "deg" else f"{text} {unit_words(unit)}"


def title_of(measure: str) -> str:
    """Return the title of a measure; its name in words when the catalogue lacks it."""
    return MEASURE[measure].title if measure in MEASURE else measure.replace("_", " ").capitalize()


def group_of(measure: str) -> str:
    """Return under which heading a measure stands."""
    views = MEASURE[measure].views if measure in MEASURE else ALL_VIEWS
    return GROUPS[0] if views == ("side",) else GROUPS[1] if views == FRONTAL else GROUPS[2]


def instant_words(instant: str) -> str:
    """Return an instant in words."""
    return _INSTANT_WORDS.get(instant, instant.replace("_", " "))


def view_words(name: str) -> str:
    """Return a view's name in words, such as `Side view (left)`."""
    kind, _, side = name.partition("_")
    return f"{kind.capitalize()} view" + (f" ({side})" if side else "")


def percent(share: float) -> str:
    """Return a share of one as percent; a dash for NaN."""
    return f"{100 * share:.0f} %" if math.isfinite(share) else DASH


def span(low: float, high: float, unit: str) -> str:
    """Return a range with its unit."""
    return quantity(f"{number(low, unit)} to {number(high, unit)}", unit)


def listed(texts: Iterable[str]) -> str:
    """Return texts as a list in a sentence: `a, b and c`."""
    *first, last = list(texts) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def stride_count(view: ViewAnalysis, side: str) -> str:
    """Return how many strides of a side are valid, out of all."""
    strides = [s for s in view.strides if s.side == side]
    return f"{sum(s.valid for s in strides)} of {len(strides)}"
