"""Whether a clip shows a runner from where its place says, judged by a few of its pictures.

The pictures are few: what they leave open is only remarked, or left to the analysis, which sees all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midstance.science.checks import check_legs_in_frame
from midstance.science.errors import LegsOutOfFrameError
from midstance.science.landmarks import SIDES, LandmarkSeries
from midstance.science.legs import leg_length_px
from midstance.science.people import FollowSettings, PeopleSeries
from midstance.science.scene import FRONTAL_VIEW_MOST_STRIDE, SIDE_VIEW_LEAST_STRIDE
from midstance.web.refusals import Refusal, clip_refusal
from midstance.web.states import STANDING_SLOTS, other_slots, view_of

Seen = Literal["side", "frontal"]

LEAST_SEEN = 0.5
"""Share of the pictures with somebody in them below which that is remarked."""
MOST_CUT, SOME_CUT = 0.6, 0.3
"""Shares of the pictures with a foot outside from which a clip is refused, and from which it is remarked. The
analysis refuses from 0.3, which a few pictures cannot tell from 0.1."""
WIDE, NARROW = (0.5, 0.28), (0.35, 0.2)
"""Width of shoulders and of hips in the picture over the length of the trunk: at least in front and rear views, at most
in side views. Of 163 rendered runners at least 0.60 and 0.34, at most 0.22 and 0.09."""
LIKE_SIZE = 0.5
"""Of the largest body's size; whoever looks smaller is far behind."""


@dataclass(frozen=True)
class Judgement:
    """What a few pictures say of a clip."""

    refusal: Refusal | None = None
    remarks: tuple[str, ...] = ()


def judge(people: PeopleSeries, slot: str) -> Judgement:
    """Judge a clip.

    Parameters
    ----------
    people : PeopleSeries
        Everybody in a few pictures from all over it.
    slot : str
        What it is to show.
    """
    bodies = _bodies(people)
    runner = _largest(people, bodies)
    seen = np.asarray(np.isfinite(bodies[..., 2]).any(axis=1))
    if not seen.any():
        told = f"expected a runner, given nobody in {len(people)} pictures from all over the clip: film one person"
        return Judgement(clip_refusal("nobody", told, slot))
    cut, beside = _share_cut(runner, seen), _share_beside(bodies)
    if beside <= LEAST_SEEN:  # else the largest need not be the one who runs
        if cut > MOST_CUT:
            told = f"expected the feet in the picture, given feet outside it in {cut:.0%} of the pictures: step back"
            return Judgement(clip_refusal("legs_out_of_frame", told, slot))
        if _seen_from(runner) not in (None, "side" if view_of(slot) == "side" else "frontal"):
            return Judgement(_other_view(slot))
    return Judgement(remarks=tuple(_remarks(float(seen.mean()), cut, beside)))


def _other_view(slot: str) -> Refusal:
    if slot in STANDING_SLOTS:
        told = "expected the runner from the side, given one who is seen from the front or the rear: film from the side"
        return clip_refusal("other_view", told, slot)
    if view_of(slot) == "side":
        told = (
            "expected the runner from the side, given one who runs towards the camera or away: move it to front or rear"
        )
    else:
        told = "expected the runner from the front or the rear, given one who is seen from the side: move it to side"
    return clip_refusal("other_view", told, slot, {"slots": list(other_slots(slot))})


def _remarks(seen: float, cut: float, beside: float) -> list[str]:
    remarks = []
    if seen < LEAST_SEEN:
        remarks.append("Hardly anybody is seen: check that it shows the runner all the time.")
    if cut > SOME_CUT:
        remarks.append("The feet leave the picture now and then: if there are too few strides, step back.")
    if beside > LEAST_SEEN:
        remarks.append("More than one person is seen: the one who runs is measured; check who it is.")
    return remarks


def _bodies(people: PeopleSeries) -> NDArray[np.float64]:
    """Return place and size of each body, (n, P, 3): x and y of the hips' middle, distance from shoulders to ankles."""
    places = range(people.xy_px.shape[1])
    shown = (LandmarkSeries(people.time_s, people.xy_px[:, p], people.visibility[:, p], people.frame) for p in places)
    return np.stack([_place_and_size(one) for one in shown], axis=1)


def _place_and_size(one: LandmarkSeries) -> NDArray[np.float64]:
    chain = [one.midpoint(joint) for joint in ("shoulder", "hip", "knee", "ankle")]
    lengths = [np.linalg.norm(b - a, axis=1) for a, b in pairwise(chain)]
    return np.column_stack([chain[1], np.sum(lengths, axis=0)])


def _largest(people: PeopleSeries, bodies: NDArray[np.float64]) -> LandmarkSeries:
    """Return the largest body of each picture; the runner as a rule."""
    sizes = np.nan_to_num(bodies[..., 2], nan=-1.0)
    first, rows = sizes.argmax(axis=1), np.arange(len(people))
    return LandmarkSeries(
        people.time_s,
        people.xy_px[rows, first],
        people.visibility[rows, first],
        people.frame,
        people.frame_size_px,
    )


def _share_cut(runner: LandmarkSeries, seen: NDArray[np.bool_]) -> float:
    """Return the share of the pictures in which both feet are at least partly outside."""
    return float(np.mean([_is_cut(runner, i) for i in np.flatnonzero(seen).tolist()]))


def _is_cut(runner: LandmarkSeries, i: int) -> bool:
    one = slice(i, i + 1)
    arrays = (runner.time_s[one], runner.xy_px[one], runner.visibility[one], runner.frame[one])
    try:
        check_legs_in_frame(LandmarkSeries(*arrays, runner.frame_size_px))
    except LegsOutOfFrameError:
        return True
    return False


def _seen_from(runner: LandmarkSeries) -> Seen | None:
    """Return from where the runner is seen; None unless width of the body and path of the feet agree."""
    trunk = np.linalg.norm(runner.midpoint("shoulder") - runner.midpoint("hip"), axis=1)
    widths = [float(np.nanmedian(_width(runner, joint) / trunk)) for joint in ("shoulder", "hip")]
    stride = _stride(runner)
    if stride < SIDE_VIEW_LEAST_STRIDE and all(w > least for w, least in zip(widths, WIDE, strict=True)):
        return "frontal"
    if stride > FRONTAL_VIEW_MOST_STRIDE and all(w < most for w, most in zip(widths, NARROW, strict=True)):
        return "side"
    return None


def _width(runner: LandmarkSeries, joint: str) -> NDArray[np.float64]:
    return np.asarray(np.abs(runner.point(f"left_{joint}")[:, 0] - runner.point(f"right_{joint}")[:, 0]))


def _stride(runner: LandmarkSeries) -> float:
    """Return how far apart, across the picture, the ankles come from the pelvis, over the leg length."""
    hips = runner.midpoint("hip")[:, 0]
    paths = np.concatenate([runner.point(f"{side}_ankle")[:, 0] - hips for side in SIDES])
    return float(np.nanmax(paths) - np.nanmin(paths)) / leg_length_px(runner)


def _share_beside(bodies: NDArray[np.float64]) -> float:
    """Return the share of the pictures with a second body of like size; one body seen twice is one."""
    return float(np.mean([_has_second(picture) for picture in bodies]))


def _has_second(picture: NDArray[np.float64]) -> bool:
    known = picture[np.isfinite(picture[:, 2])]
    if len(known) < 2:
        return False
    first = known[known[:, 2].argmax()]
    apart = np.linalg.norm(known[:, :2] - first[:2], axis=1)
    return bool(np.any((apart > FollowSettings().ghost_body_lengths * first[2]) & (known[:, 2] > LIKE_SIZE * first[2])))
