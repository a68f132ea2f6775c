"""PELVIS.md: what was found, held against the gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from training.pelvis.figures import Figures, agreement

from benchmarks.markdown import facts, number, table, verdict
from benchmarks.pelvis.real import RealClip
from benchmarks.pelvis.trial import LegMean, ViewPoints
from benchmarks.real.page import EXCHANGED_GATE, PELVIS_GATE

HEAD = """# The pelvis seen by a network of our own

Written by `python -m benchmarks.pelvis`; do not edit. The network of `training/pelvis` looks at clips of rendered
runners, told the pose model's own landmarks; strides are those that midstance finds. Bodies, gaits, clothes and
cameras are those that `benchmarks/ACCURACY.md` judges by: the network learnt from none of them. midstance does not use
the network: what does not pass this gate is not shown as measured.
"""
GATE = """## The gate

A leg's mean over its strides against the truth. *Always the mean* is what a number that knew nothing but the mean of
these legs would be off by: an estimate that is not much better carries nothing. Slope: of found on true, over the legs.
"""
POINTS = """## Points in the picture

Median distance from the truth in % of leg length, and the 90th centile in brackets, over all frames and both sides.
*midstance* is what it measures by today: hips of the pose model, moved by what they are off by on the average, knees
by the networks for the legs.
"""
CHECKED = """## Examples of the training

Runners kept back while it learnt: six other bodies, gaits, clothes and a pattern of their own, with tilt spread from
-10 to 30 deg and obliquity to 12 deg, apart from legs and phase. Landmarks are drawn as off as the pose model's. Of
clips: means over the bursts of one runner in one outfit.
"""
REAL = """## Real clips

ASIS and PSIS of the near side against points placed by hand (`training/README.md`: under cloth these are guesses that
may all be off together by 5 to 8 % of leg length). The gate is 6 % on fitted clothing. Median in % of leg length.
"""
LEGS = """## Every leg
"""
FITTED = "fitted"


@dataclass(frozen=True)
class Bar:
    """What a measure must keep to."""

    measure: str
    title: str
    most_off_deg: float
    slope: tuple[float, float]


BARS = (
    Bar("pelvic_tilt", "pelvic tilt at midstance, from the side", 3.0, (0.8, 1.2)),
    Bar("pelvic_drop", "pelvic drop, its peak in stance, from front and rear", 1.5, (0.85, 1.15)),
)
SLOWEST_MS = 15.0


@dataclass(frozen=True)
class Findings:
    """What the page tells."""

    legs: Sequence[LegMean]
    points: Sequence[ViewPoints]
    real: Sequence[RealClip]
    checked: Figures | None
    """None where the examples of the training are not at hand."""
    frame_ms: float
    facts: Sequence[tuple[str, str]]


def render_page(found: Findings) -> str:
    """Return the page."""
    checked = (CHECKED, facts(_checked(found.checked)), "") if found.checked else ()
    real = (REAL, table(("clip", "pelvis", "ASIS", "PSIS", "both", "points"), map(_real_row, found.real)), "")
    heads = ("what", "legs", "mean error", "worst", "bias", "always the mean", "slope", "gate")
    parts = (
        HEAD,
        GATE,
        table(heads, [_bar_row(bar, found.legs) for bar in BARS]),
        "",
        facts(_rest(found)),
        "",
        POINTS,
        table(("view", *_joints(found.points)), list(_point_rows(found.points))),
        "",
        *checked,
        *real,
        LEGS,
        table(("runner", "view", "leg", "measure", "strides", "true", "found", "off"), map(_leg_row, found.legs)),
        "",
        "## Run on\n",
        facts(found.facts),
        "",
    )
    return "\n".join(parts)


def _bar_row(bar: Bar, legs: Sequence[LegMean]) -> tuple[str, ...]:
    chosen = [leg for leg in legs if leg.measure == bar.measure]
    if not chosen:
        return (bar.title, "0", *["–"] * 5, "not judged")
    found, true = (np.array([getattr(leg, name) for leg in chosen]) for name in ("found_deg", "true_deg"))
    off = found - true
    slope = agreement(found, true).slope
    fine = float(np.mean(np.abs(off))) <= bar.most_off_deg and bar.slope[0] <= slope <= bar.slope[1]
    return (
        bar.title,
        str(len(chosen)),
        f"{np.mean(np.abs(off)):.2f}° ({bar.most_off_deg:g}°)",
        f"{np.max(np.abs(off)):.2f}°",
        f"{number(float(np.mean(off)))}°",
        f"{np.mean(np.abs(true - true.mean())):.2f}°",
        f"{number(slope)} ({bar.slope[0]:g} to {bar.slope[1]:g})",
        verdict(fine=fine),
    )


def _rest(found: Findings) -> Iterator[tuple[str, str]]:
    swapped = np.concatenate([p.exchanged for p in found.points])
    share = float(np.mean(swapped))
    told = f"{100 * share:.2f} % of {len(swapped)} frames"
    yield "left and right exchanged, by the network's points", f"{told} {_held(share, EXCHANGED_GATE)}"
    fine = verdict(fine=found.frame_ms <= SLOWEST_MS)
    yield "time", f"{found.frame_ms:.1f} ms a frame on one core ({SLOWEST_MS:g} ms) {fine}"


def _held(share: float, most: float) -> str:
    return f"({100 * most:g} %) {verdict(fine=share <= most)}"


def _joints(points: Sequence[ViewPoints]) -> tuple[str, ...]:
    return tuple(points[0].off) if points else ()


def _point_rows(points: Sequence[ViewPoints]) -> Iterator[tuple[str, ...]]:
    for view in dict.fromkeys(p.view for p in points):
        of_view = [p for p in points if p.view == view]
        yield (view, *(_spread(np.concatenate([p.off[joint] for p in of_view])) for joint in _joints(points)))


def _spread(shares: np.ndarray) -> str:
    seen = 100 * shares[np.isfinite(shares)]
    return f"{np.median(seen):.1f} ({np.percentile(seen, 90):.1f})" if len(seen) else "–"


def _checked(figures: Figures) -> Iterator[tuple[str, str]]:
    yield "points, median in % of leg length", ", ".join(f"{j} {v:.1f}" for j, v in figures.points_percent.items())
    yield "left and right exchanged", f"{figures.exchanged_percent:.1f} %"
    for name, found in figures.frames.items():
        yield f"{name}, single frames from any side", str(found)
    for name, found in figures.clips.items():
        yield f"{name}, clips in the view of its measure", str(found)


def _real_row(clip: RealClip) -> tuple[str, ...]:
    fitted = clip.garment.startswith(FITTED)
    shares = [number(100 * clip.off[kind], 1) for kind in ("asis", "psis", "both")]
    held = f" {_held(clip.off['both'], PELVIS_GATE)}" if fitted else ""
    return (clip.clip, clip.garment, shares[0], shares[1], shares[2] + held, f"{clip.seen} of {clip.labels}")


def _leg_row(leg: LegMean) -> tuple[str, ...]:
    angles = (number(v) for v in (leg.true_deg, leg.found_deg, leg.off_deg))
    return (leg.recording, leg.view, leg.side, leg.measure, str(leg.strides), *angles)
