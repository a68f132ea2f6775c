"""Two analyses side by side: what changed, and which changes are more than the error of measuring."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from midstance.report.findings import DISCLAIMER
from midstance.report.summary import choose_rows, in_order
from midstance.report.words import DASH, instant_words, listed, quantity, signed, title_of, view_words, with_error
from midstance.science.catalogue import CURVE_INSTANTS
from midstance.science.landmarks import SIDES
from midstance.science.model_names import has_own_networks, model_words, split_name
from midstance.science.records import SummaryRow

CONFIDENCE = 1.96
"""Standard errors of a difference that 5 % of differences without a true change exceed."""
SPEED_TOLERANCE_MPS = 0.1
FPS_TOLERANCE = 0.02
"""Relative: 59.94 and 60 frames a second are the same."""
NOT_KNOWN = "not known"


@dataclass(frozen=True)
class SavedClip:
    """What a saved analysis says of one of its clips."""

    file: str
    fps: float
    model: str
    surface: str


@dataclass(frozen=True)
class SavedRun:
    """A saved analysis, as far as a comparison needs it."""

    clips: Mapping[str, SavedClip]
    """By the name of the view."""
    summary: tuple[SummaryRow, ...]
    speed_mps: float
    """NaN when it is not known."""
    version: str
    """Of midstance."""


@dataclass(frozen=True)
class Change:
    """One measure at one instant of one side, before and after, as text."""

    measure: str
    instant: str
    side: str
    before: str
    after: str
    difference: str
    detectable: str
    verdict: str
    """`exceeds`, `within` or `unknown`."""
    low: bool
    """One of the values is of low quality."""

    @property
    def name(self) -> str:
        """The measure with instant and side, for a sentence."""
        where = "" if self.instant == "whole stride" else f" at {self.instant}"
        return f"{self.measure}{where}, {self.side}"

    @property
    def verdict_words(self) -> str:
        """The verdict as it is printed."""
        return {"exceeds": "more than the error", "within": "within the error", "unknown": NOT_KNOWN}[self.verdict]


@dataclass(frozen=True)
class Comparison:
    """Everything in a comparison, as text."""

    title: str
    disclaimer: str
    runs: tuple[tuple[str, str], ...]
    """`Before` and `After`, each with its clips."""
    warnings: tuple[str, ...]
    """What differs besides the runner."""
    exceeds: str
    """A sentence on the changes that exceed the detectable difference."""
    within: str
    unknown: str
    """A sentence on those that cannot be judged; empty without any."""
    method: str
    changes: tuple[Change, ...]


def comparison_of(before: SavedRun, after: SavedRun) -> Comparison:
    """Compare two analyses of one runner.

    A difference is detectable beyond 1.96 times the root of the sum of both squared standard errors. Where one
    of them is not known, nothing is claimed.
    """
    changes = tuple(_changes(before, after))
    return Comparison(
        title="Running gait comparison",
        disclaimer=DISCLAIMER,
        runs=(("Before", _clips(before)), ("After", _clips(after))),
        warnings=tuple(_warnings(before, after)),
        exceeds=_exceeds(changes),
        within=_within(changes),
        unknown=_unknown(changes),
        method=_method(changes),
        changes=changes,
    )


def _clips(run: SavedRun) -> str:
    return "; ".join(f"{view_words(view)}: {clip.file}" for view, clip in run.clips.items())


def _changes(before: SavedRun, after: SavedRun) -> Iterable[Change]:
    old, new = (choose_rows(run.summary, list(run.clips)) for run in (before, after))
    keys = dict.fromkeys([*old, *new])
    instants = [*CURVE_INSTANTS, "stride"]
    for measure in in_order(m for m, _, _ in keys):
        mine = [key for key in keys if key[0] == measure]
        for key in sorted(mine, key=lambda k: (instants.index(k[1]) if k[1] in instants else 99, SIDES.index(k[2]))):
            yield _change(old.get(key), new.get(key))


def _change(before: SummaryRow | None, after: SummaryRow | None) -> Change:
    known = [row for row in (before, after) if row is not None]
    first, difference, detectable = known[0], math.nan, math.nan
    if before is not None and after is not None and before.unit == after.unit:
        difference = after.median - before.median
        detectable = CONFIDENCE * math.hypot(before.standard_error, after.standard_error)
    unit = first.unit
    return Change(
        measure=title_of(first.measure),
        instant=instant_words(first.instant),
        side=first.side,
        before=_value(before),
        after=_value(after),
        difference=quantity(signed(difference, unit), unit),
        detectable=_detectable(difference, detectable, unit),
        verdict=_verdict(difference, detectable),
        low=any(row.quality == "low" for row in known),
    )


def _value(row: SummaryRow | None) -> str:
    if row is None:
        return DASH
    return quantity(with_error(row.median, row.standard_error, row.unit), row.unit)


def _detectable(difference: float, detectable: float, unit: str) -> str:
    if math.isnan(difference):
        return DASH
    return quantity(signed(detectable, unit).removeprefix("+"), unit) if math.isfinite(detectable) else NOT_KNOWN


def _verdict(difference: float, detectable: float) -> str:
    if not (math.isfinite(difference) and math.isfinite(detectable)):
        return "unknown"
    return "exceeds" if abs(difference) > detectable else "within"


def _warnings(before: SavedRun, after: SavedRun) -> Iterable[str]:
    """Say what differs besides the runner: any of it can change the numbers."""
    if set(before.clips) != set(after.clips):
        views = (listed(view_words(v).lower() for v in run.clips) for run in (before, after))
        yield "The views differ: {} before, {} after.".format(*views)
    for view in before.clips:
        if view in after.clips:
            yield from _clip_warnings(view_words(view), before.clips[view], after.clips[view])
    yield from _run_warnings(before, after)


def _model(clip: SavedClip) -> tuple[str, bool]:
    """Return what estimated the landmarks, without our own networks' weight: it differs between any two clips."""
    return split_name(clip.model)[0], has_own_networks(clip.model)


def _clip_warnings(view: str, before: SavedClip, after: SavedClip) -> Iterable[str]:
    if _model(before) != _model(after):
        told = (model_words(clip.model) for clip in (before, after))
        yield "{}: the pose model differs: {} before, {} after.".format(view, *told)
    if not math.isclose(before.fps, after.fps, rel_tol=FPS_TOLERANCE):
        yield f"{view}: the frame rate differs: {before.fps:.4g} fps before, {after.fps:.4g} fps after."
    if before.surface != after.surface:
        yield f"{view}: the surface differs: {before.surface} before, {after.surface} after."


def _run_warnings(before: SavedRun, after: SavedRun) -> Iterable[str]:
    speeds = (before.speed_mps, after.speed_mps)
    if not all(map(math.isfinite, speeds)):
        yield "The running speed of at least one run is not known; most measures change with speed."
    elif abs(speeds[0] - speeds[1]) > SPEED_TOLERANCE_MPS:
        yield f"The running speed differs: {speeds[0]:.2f} m/s before, {speeds[1]:.2f} m/s after."
    if before.version != after.version:
        yield f"The version of midstance differs: {before.version} before, {after.version} after."


def _exceeds(changes: tuple[Change, ...]) -> str:
    named = [f"{c.name} ({c.before} to {c.after})" for c in changes if c.verdict == "exceeds"]
    if named:
        return f"More than the error of measuring explains: {'; '.join(named)}."
    judged = any(c.verdict == "within" for c in changes)
    return "No change exceeds the error of measuring." if judged else "No change could be judged."


def _within(changes: tuple[Change, ...]) -> str:
    """Name the measures all of whose judged changes lie within the error, and count the rest."""
    within = [c for c in changes if c.verdict == "within"]
    if not within:
        return ""
    names = listed(dict.fromkeys(c.measure[:1].lower() + c.measure[1:] for c in within))
    return f"Within the error of measuring, so not shown to be a change ({len(within)} values): {names}."


def _unknown(changes: tuple[Change, ...]) -> str:
    unknown = [c for c in changes if c.verdict == "unknown" and c.difference != DASH]
    if not unknown:
        return ""
    names = listed(dict.fromkeys(c.measure[0].lower() + c.measure[1:] for c in unknown))
    return f"The error is not known, so nothing is claimed ({len(unknown)} values): {names}."


def _method(changes: tuple[Change, ...]) -> str:
    judged = sum(c.verdict != "unknown" for c in changes)
    text = (
        "The detectable difference is 1.96 times the root of the sum of both squared standard errors: without a true "
        "change, one difference in twenty exceeds it."
    )
    if judged >= 20:
        text += f" Of the {judged} values judged here, about {judged / 20:.0f} would do so by chance."
    return (
        text
        + " A change that exceeds it is real movement or a difference in filming; it says nothing of better or worse."
    )
