"""Gates: what a clip must show before anything is made of its numbers.

A gate bars a clip, or passes it with a doubt, which lowers the level of the founding finding by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, Literal

from midstance.science.findings.rule import Clip
from midstance.science.gradings import STEEP_TILT_DEG
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import ViewAnalysis

LEAST_STRIDES = 10
FULL_FPS, LEAST_FPS = 49.5, 29.0
"""60 frames/s are asked for, below 30 nothing is judged. 50 counts as near enough: the 95th-centile loss of a stance
peak is 0.2 deg at 60, 0.6 at 30, and goes with the square of the frame time: 0.3 deg at 50. Both figures leave room
for what a camera calls 30 and 50."""
HOPELESS_TILT = 2.0
"""Times the tilt from which a view is cautioned: beyond this it is not judged."""


@dataclass(frozen=True)
class Passage:
    """What a gate says of a clip."""

    verdict: Literal["pass", "doubt", "bar"]
    reason: str = ""


PASSED = Passage("pass")


class Gate:
    """One condition on a clip."""

    id: ClassVar[str]
    title: ClassVar[str]

    def check(self, view: ViewAnalysis, side: Side) -> Passage:
        """Return whether the clip may be used for a side."""
        raise NotImplementedError


class EnoughStrides(Gate):
    """At least 10 valid strides of the side."""

    id = "strides"
    title = "At least 10 valid strides of the side"

    def check(self, view: ViewAnalysis, side: Side) -> Passage:
        """Bar a clip with fewer."""
        count = len(view.valid_strides(side))
        if count >= LEAST_STRIDES:
            return PASSED
        return Passage(
            "bar",
            f"{count} valid strides of the {side} leg in the {view.name.replace('_', ' ')} clip, at least "
            f"{LEAST_STRIDES} are needed: film 10 s or more",
        )


class FrameRate(Gate):
    """A known frame rate of 60 (50 is near enough); from 30 with a doubt."""

    id = "frame_rate"
    title = "At least 60 frames/s (50 is near enough)"

    def check(self, view: ViewAnalysis, side: Side) -> Passage:  # noqa: ARG002 - one form for all gates
        """Bar a clip below 30 frames/s, doubt one below 50."""
        fps = view.clip.fps
        if not isfinite(fps):
            return Passage("bar", "the frame rate is not known: give a clip or landmarks with their times")
        if fps < LEAST_FPS:
            return Passage("bar", f"{fps:.0f} frames/s, at least 30 are needed: film at 60 or more")
        if fps < FULL_FPS:
            return Passage("doubt", f"{fps:.0f} frames/s lower the confidence: film at 60 or more")
        return PASSED


class LevelCamera(Gate):
    """A level camera, as far as the view shows it."""

    id = "level"
    title = "A level camera"

    def check(self, view: ViewAnalysis, side: Side) -> Passage:  # noqa: ARG002 - as above
        """Doubt a clip beyond its view's tilt, bar one beyond twice that."""
        tilt, limit = abs(view.scene.tilt_deg), STEEP_TILT_DEG[view.scene.view]
        if tilt <= limit or not isfinite(tilt):
            return PASSED
        told = f"the {view.name.replace('_', ' ')} view is {tilt:.1f} deg off level: level the camera"
        return Passage("bar" if tilt > HOPELESS_TILT * limit else "doubt", told)


GATES: tuple[Gate, ...] = (FrameRate(), LevelCamera(), EnoughStrides())


@dataclass(frozen=True)
class Capture:
    """The clips that may be used for each side, and what is doubted of them."""

    near: dict[Side, Clip]
    frontal: dict[Side, Clip]
    doubts: dict[Side, tuple[str, ...]]


def capture_of(views: tuple[ViewAnalysis, ...]) -> Capture:
    """Choose and check the clips: for each leg the side clip in which it is near, and one from front or rear."""
    near = {side: _near(views, side) for side in SIDES}
    frontal = {side: _frontal(views, side) for side in SIDES}
    doubts = {s: tuple(dict.fromkeys((*near[s][1], *frontal[s][1]))) for s in SIDES}
    return Capture({s: near[s][0] for s in SIDES}, {s: frontal[s][0] for s in SIDES}, doubts)


def _near(views: tuple[ViewAnalysis, ...], side: Side) -> tuple[Clip, tuple[str, ...]]:
    for view in views:
        if view.scene.view == "side" and view.scene.near_side == side:
            return _checked(view, side)
    return Clip(barred=f"no side clip shows the {side} leg near the camera: film from the runner's {side}"), ()


def _frontal(views: tuple[ViewAnalysis, ...], side: Side) -> tuple[Clip, tuple[str, ...]]:
    """Return the frontal clip with the least against it; of equals the one from the front."""
    found = [_checked(v, side) for name in ("front", "rear") for v in views if v.scene.view == name]
    if not found:
        return Clip(barred="no clip from the front or the rear: film one"), ()
    return min(found, key=lambda f: (bool(f[0].barred), len(f[1])))


def _checked(view: ViewAnalysis, side: Side) -> tuple[Clip, tuple[str, ...]]:
    passages = [gate.check(view, side) for gate in GATES]
    barred = "; ".join(p.reason for p in passages if p.verdict == "bar")
    doubts = () if barred else tuple(p.reason for p in passages if p.verdict == "doubt")
    return Clip(view.name, barred), doubts
